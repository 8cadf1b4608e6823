"""The one door to mPaaS, Alibaba Cloud's mobile push: form, signature, one POST, one outcome.

``form``, ``signing``, ``endpoint``, ``codes``, ``results`` and ``readings`` are pure; ``auth`` signs for httpx;
``deadline`` bounds a call; ``client`` is the only module of the bot that talks HTTP to mPaaS.
"""
