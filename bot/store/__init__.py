"""The one door to Redis: everything that must be remembered, and nothing that must be decided.

- ``store``       ``RequestStore``, the class that the rest of the house talks to; it joins the rooms below
- ``claims``      the one way into ``sending``: guarded, confirmed as durable, never retried by a client library
- ``notices``     what the announcer must still say, at least once
- ``switches``    halt and resume, and who is alive
- ``trail``       the audit trail, written with each commit, and what was told of it
- ``keepsakes``   posted messages, members of user groups, long drafts
- ``fitness``     what is wrong with how the server is set up
- ``keys``        every key in one table
- ``scripts``     the Lua files (``lua/*.lua``) with names for their arguments and replies
- ``documents``   requests as JSON with a schema number
- ``records``     stored records, and whether they are what the bot wrote
- ``connection``  clients with short timeouts, and errors as the house knows them
- ``embedded``    a Valkey server of our own, for one machine, the playground and the tests

Python decides, Lua compares and writes: a script knows versions, commit ids and times, and no rule about a request.
"""
