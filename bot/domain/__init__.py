"""The rules: what a broadcast request is, what may happen to it, who may do it, and when.

Functions from values to values. No I/O, no clock, no randomness: ``now`` and ids are arguments.
"""
