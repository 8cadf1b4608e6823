"""Everything on loopback, without any account: simulators of Slack and mPaaS, and the real bot as its real processes.

The bot knows nothing of this package: ``SLACK_API_URL`` and the target's ``endpoint`` alone point it at the simulators.
Production code never imports from here; the tests do.

- ``run``         the verb ``playground``: starts a stage with its page, plays the story, and stays for more
- ``page/``       Slack in a browser tab: what people see, what mPaaS did, faults, a log, a tour
- ``stage``       the simulators, a store and the bot's processes, put up, steered and taken down together
- ``bot_settings`` what the bot's processes are told; ``ensemble`` has them by name; ``staged_store`` is their store
- ``moved_clock`` the bot's own command line with a clock that ``clock_file`` moves; ``passing_time`` lets time pass
- ``story``       one push, from the slash to the result, told as it happens; ``telling`` prints it
- ``reading``     what somebody reads in a message or a view, as plain lines
- ``bot_process`` one process of the bot; ``leash`` ties its life to ours
- ``cast``        the people, groups and channels
- ``slack/``      the simulated Slack: ``slack.sim`` puts its parts together
- ``mpaas/``      the simulated mPaaS: ``mpaas.sim`` puts its parts together
"""
