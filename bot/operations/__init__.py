"""One function per thing that can be done: load, let the rules decide, commit, and again on a conflict.

Slack's words do not belong here (``handlers``), nor do rules (``domain``). Every function takes the context first; what
a rule refuses rises as ``Refused``, what the store cannot do as ``StoreUnavailable``.
"""
