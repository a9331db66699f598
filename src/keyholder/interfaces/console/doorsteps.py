"""Doorsteps: the pages for who is not signed in, each with one question."""

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse

from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.rendering import Outcome, filled
from keyholder.interfaces.http.requests import Request


@dataclass(frozen=True, slots=True)
class Doorstep:
    """A page with one question or one thing to know, and where else to go."""

    title: str
    lead: str = ""
    submit: str = ""
    """Empty where nothing is asked."""
    icon: str = ""
    facts: tuple[Fact, ...] = ()
    ways: tuple[tuple[str, str], ...] = ()
    """Addresses and their words."""
    about: str = ""
    """The mark of the link that it is about, which comes back with the answer."""


def doorstep(
    request: HttpRequest | Request, page: Doorstep, form: forms.Form | None = None, outcome: Outcome = None, **more: object
) -> HttpResponse:
    """Show a doorstep, with why something was refused.

    Its own address holds no secret. A page with a form can't forbid the referrer altogether: its form would come from nowhere (CSRF).

    ``more``: ``asked``, what is asked of a passkey, and ``making``, the form about a new one;
    ``secret`` and ``picture`` of an authenticator that is set up.
    """
    return filled(request, "doorstep.html", {"page": page, "form": form, **more}, outcome)  # type: ignore[arg-type]  # it asks for nobody's name
