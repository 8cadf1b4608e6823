"""Let Hypothesis judge answers, not speed: on a shared machine one example may take any time."""

from hypothesis import HealthCheck, settings

settings.register_profile("mpaas", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mpaas")
