"""Where things are: the repository, and the collection of real requests and payloads that may lie beside it."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
"""The repository."""

BESIDE = ROOT.parent / "shared"
"""Golden requests and real payload samples of others, under their own licences; not part of the project."""
