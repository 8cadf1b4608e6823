"""What people see in Slack, and what they typed there: pure functions from values to Block Kit and back.

No Slack call, no store, no clock: models in, blocks out; text or form values in, drafts and problems out. Sentences
shown in views stand in ``wording``; ids that come back are in ``ids``. The slash command's text is taken apart by
``quoting``, its words are read by ``command_reading``, and ``command`` makes a draft of it or writes one as a command.
"""
