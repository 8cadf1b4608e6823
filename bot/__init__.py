"""The broadcast bot: asked for in Slack, approved by a second person, sent to every device at most once.

A map of the house, from the ground up. Arrows of import point down only; ``tests/house/test_layers.py`` holds it.

=================  ====================================================================================================
``errors``         what may interrupt the work, as one tree
``domain/``        the rules, pure: states, content, request, policy, gates, lifecycle, digest, seals, trail, audit
``store/``         the one door to Redis; Python decides, Lua compares and writes
``mpaas/``         the one door to HTTP: signing, parameters, answers, the client
``views/``         what people see in Slack, and what they typed, pure: forms, cards, words
``settings``       the environment and ``broadcast.toml`` become one frozen value, or a list of every mistake
``logs``           one JSON line per operation, secrets removed
``redaction``      how secrets are taken out of text
``owners``         whose a file is, for sentences about it
``operations/``    one function per thing that can be done: load, decide, commit, again on conflict
``worker``         the loop that wakes requests: expire, claim, send, mark as lost
``announcer``      the loop that brings notices to Slack
``keeper``         the loop that starts the embedded store again when its server was killed
``witness``        what the announcer posts beside the messages of requests: alarms, and the day's head of the audit
``health``         the pings of every outside party
``whereabouts``    where the store is, and who may begin one
``web_api``        the client of Slack's Web API
``handlers/``      beside this package: one module per conversation in Slack
``doors``          Socket Mode or HTTP: how Slack's requests come in
``serving``        the processes, and how they end
``terminal``       what is done about letters that a terminal cannot show
``operators``      the verbs of operators, as lines of text
``audit_verbs``    the verbs of the audit: verify and export
``wiring``         the composition root, the only file that knows everybody
``playground/``    simulators of Slack and mPaaS; production code never imports them
``command_line``   the words of the command line: verbs, options, help
``cli``            what its verbs do
=================  ====================================================================================================
"""

__version__ = "0.1.0"
