"""What our middleware adds to a request, for the type checker."""

from dataclasses import dataclass

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from keyholder.services.caller import Caller


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is signed in, as a page addresses them. What they may do is asked of the services."""

    name: str
    address: str
    is_operator: bool
    """Whether they are shown the lines that only an operator has any use for."""


class Request(HttpRequest):
    """A request of somebody who is signed in: every view but the few that need nobody gets one of these."""

    caller: Caller
    reader: Reader
    request_id: str
    htmx: HtmxDetails
