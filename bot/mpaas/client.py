"""The one place that talks HTTP to mPaaS: one signed POST per call, and an outcome instead of an exception.

A call is tried again only after proof that nothing was executed (no connection, throttled), signed afresh, at most
``attempts`` times and within ``total`` seconds; everything else that is uncertain is final and ``Unknown``. What
parameters mean, and whether to send at all, is decided elsewhere.
"""

import http.cookiejar
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import quote

import httpx

from bot.domain.outcome import NotSent, SendOutcome, Unknown
from bot.mpaas import form, readings, results
from bot.mpaas.auth import Acs3Auth
from bot.mpaas.deadline import Deadline, TooLate, Trace
from bot.mpaas.endpoint import base_url
from bot.mpaas.readings import PushTask, ScheduledTask, Template
from bot.mpaas.results import ReadFailed
from bot.mpaas.signing import Credentials
