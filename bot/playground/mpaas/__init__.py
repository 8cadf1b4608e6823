"""The simulated mPaaS: an independent judge that shares no code with ``bot.mpaas`` and keeps a journal."""
