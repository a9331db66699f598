"""Fetching: what this instance asks of other servers over HTTP. Bounded in size and time, by no proxy, along no redirect (R-DOS-5).

What comes back is JSON, or it is nothing. Whom to ask is decided by whoever calls: by an operator's settings, never by a request.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from time import perf_counter

import httpx2

from keyholder.domain.refusals import Conflict, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.interfaces.http.json_bodies import read_json

LONGEST = 256 * 1024
"""Bytes of an answer."""
PATIENCE = 10.0
"""Seconds for an answer as a whole, however slowly it comes."""
STEP = 5.0
"""Seconds for each of its steps: to connect, and to wait for more of it."""
UNREACHABLE = _("{host} could not be asked: {problem}.")
NO_CONNECTION = _("no connection, or it took too long")
REFUSED = _("it answered with the status {status}")
TOO_LONG = _("its answer is too long")
NO_JSON = _("its answer is not JSON")


@dataclass(frozen=True, slots=True)
class Form:
    """What is sent as a form, and the name and secret that are shown beside it."""

    fields: Mapping[str, str]
    basic: tuple[str, str] | None = None


def fetch(url: str, *, form: Form | None = None, bearer: str = "") -> object:
    """Return the JSON at an address, asked for by GET, or by POST where there is a form. Raises Conflict where nothing usable comes."""
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", **({"Authorization": f"Bearer {bearer}"} if bearer else {})}
    begun = perf_counter()
    try:
        with (
            httpx2.Client(trust_env=False, follow_redirects=False, timeout=STEP, verify=_trusted()) as client,
            client.stream(
                "POST" if form else "GET",
                url,
                headers=headers,
                data=dict(form.fields) if form else None,
                auth=form.basic if form else None,
            ) as answer,
        ):
            if answer.status_code != httpx2.codes.OK:
                raise _unreachable(url, sentence(REFUSED, status=answer.status_code))
            if "json" not in answer.headers.get("content-type", ""):
                raise _unreachable(url, sentence(NO_JSON))
            body = b""
            for part in answer.iter_raw():
                body += part
                if len(body) > LONGEST:
                    raise _unreachable(url, sentence(TOO_LONG))
                if perf_counter() - begun > PATIENCE:
                    raise _unreachable(url, sentence(NO_CONNECTION))
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
        raise _unreachable(url, sentence(NO_CONNECTION)) from error
    try:
        return read_json(body)
    except Invalid as refusal:
        raise _unreachable(url, sentence(NO_JSON)) from refusal


@cache
def _trusted() -> ssl.SSLContext:
    """Return the authorities that are believed: those of this machine. Read once, for it takes long."""
    return ssl.create_default_context()


def _unreachable(url: str, problem: object) -> Conflict:
    return Conflict("unreachable", sentence(UNREACHABLE, host=httpx2.URL(url).host, problem=problem))
