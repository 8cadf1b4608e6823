"""The page: Slack in a browser tab, without Slack, with mPaaS, the faults and a log beside it.

Only for the playground. What people do on it goes through the simulators' control API, as in the tests; what they see
is ``picture`` (Slack), ``other_side`` (mPaaS), ``backstage`` (processes, store, clock, faults) and ``log``, carried by
``live`` as server-sent events. ``front`` serves the files below ``assets``: plain modules, no build step.
"""
