"""The rules that hold in every state and on every step, by name, and what a counterexample is called by."""

from datetime import timedelta

AT_MOST_ONCE = "at most once: mPaaS executes a leg twice"
QUORUM = "four eyes: sent or approved without a quorum on exactly that"
HALTED = "halted: claimed although everything was halted before"
IN_TIME = "late is never now: signed long after the approval is too old"
TRUE_NO = "a no is true: said not to be sent, and was"
TRUE_YES = "a yes is true: said to be sent, and was not"
TOLD_TRULY = "who won is told so: a stored commit is answered as if another had come first"
ENDS = "nothing is lost: neither ended, nor waiting for a person"
ANNOUNCED = "everything is announced: at rest, and not said"
COMMITTED = "said only what is written: announced, and not committed"

SIGNATURE = timedelta(minutes=15)
"""How long mPaaS takes a signature (Signature V3, x-acs-date)."""

SLACK = timedelta(minutes=1)
"""How long after its last moment an approval may be signed for."""
