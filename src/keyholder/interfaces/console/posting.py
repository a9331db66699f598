"""Posting: what a form may hold, and what became of what was asked for. Used by every page that changes something."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict

from keyholder.domain.refusals import Invalid, NotFound, Refusal
from keyholder.interfaces.http.refusals import reasons, status_of
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import words

T = TypeVar("T")
Value_co = TypeVar("Value_co", covariant=True)
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of Django's own field


@dataclass(frozen=True, slots=True)
class Done(Generic[Value_co]):
    """What was asked for was done, with what came of it."""

    value: Value_co


@dataclass(frozen=True, slots=True)
class Refused:
    """What was asked for was not done: why, line by line in the reader's language, by which rule, and the status that says so."""

    lines: tuple[str, ...]
    status: int
    code: str = ""


def posted(request: Request, *fields: str) -> QueryDict | None:
    """Return what a form sent, None where nothing is sent; raises BadRequest (400) for anything but these fields (R-MAS-1)."""
    if request.method != "POST":
        return None
    strange = set(request.POST) - {TOKEN, *fields}
    if strange or request.FILES:
        message = f"fields that this form does not have: {sorted(strange)}"
        raise BadRequest(message)
    return request.POST


def attempt(act: Callable[[], T]) -> Done[T] | Refused:
    """Do something; where a rule refuses, return why. What does not exist for the reader goes on to be a page of its own (404)."""
    try:
        return Done(act())
    except NotFound:
        raise
    except Refusal as refusal:
        return Refused(reasons(refusal), status_of(refusal), refusal.code)


def submit(form: forms.Form, act: Callable[[], T]) -> Done[T] | Refused | None:
    """Do what a filled form asks for; nothing is done while it can't be read. A refusal about one of its fields stands at that field.

    There the reader goes on: the first field that something is wrong with has the focus, also where else Cancel would have it.
    """
    if not form.is_bound:
        return None
    if not form.is_valid():
        _focus(form)
        return Refused((), status=422)
    try:
        return Done(act())
    except NotFound:
        raise
    except Refusal as refusal:
        field = refusal.place or (refusal.code if isinstance(refusal, Invalid) else "")
        if field not in form.fields:
            return Refused(reasons(refusal), status_of(refusal), refusal.code)
        form.add_error(field, words(refusal.sentence))
        _focus(form)
        return Refused((), status_of(refusal), refusal.code)


def _focus(form: forms.Form) -> None:
    wrong = next((field for name, field in form.fields.items() if name in form.errors), None)
    if wrong is not None:
        wrong.widget.attrs["autofocus"] = True
