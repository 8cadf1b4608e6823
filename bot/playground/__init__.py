"""Everything on loopback, without any account: simulators of Slack and mPaaS, and the real bot as its real processes.

The bot knows nothing of this package: ``SLACK_API_URL`` and the target's ``endpoint`` alone point it at the simulators.
Production code never imports from here; the tests do.

- ``run``         the verb ``playground``: starts a stage, plays the story, and stays for more
- ``stage``       the simulators, a store and the bot's processes, put up and taken down together
- ``story``       one push, from the slash to the result, told as it happens; ``telling`` prints it
- ``reading``     what somebody reads in a message or a view, as plain lines
- ``bot_process`` one process of the bot; ``leash`` ties its life to ours
- ``cast``        the people, groups and channels
- ``slack/``      the simulated Slack: ``slack.sim`` puts its parts together
- ``mpaas/``      the simulated mPaaS: ``mpaas.sim`` puts its parts together
"""
