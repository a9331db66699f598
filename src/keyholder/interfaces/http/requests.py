"""What our middleware adds to a request, for the type checker."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from keyholder.services.caller import Caller


class Request(HttpRequest):
    """A request of somebody who is signed in: every view but the few that need nobody gets one of these."""

    caller: Caller
    request_id: str
    htmx: HtmxDetails
