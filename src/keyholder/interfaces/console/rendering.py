"""Rendering: pages that many things are asked on alike: a form, a confirmation."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from keyholder.domain.blueprint import ResourceType
from keyholder.interfaces.console.parts.access import Gain
from keyholder.interfaces.console.parts.marks import Fact, Who
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, Refused
from keyholder.interfaces.http.links import invitation_link
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import label
from keyholder.services.commands.inviting import Invited

Outcome = Done[object] | Refused | None


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with one form: ``facts`` are what to know before it is sent, ``ways_out`` where to go when it is refused."""

    crumbs: tuple[Crumb, ...]
    title: str
    submit: str
    back_url: str
    lead: str = ""
    eyebrow: str = ""
    facts: tuple[Fact, ...] = ()
    ways_out: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A question before something is done: about whom or what, its consequences, and ``kept``, what the answer sends along."""

    crumbs: tuple[Crumb, ...]
    title: str
    verb: str
    """Empty where it can't be done as things are."""
    back_url: str
    who: Who | None = None
    icon: str = ""
    """Stands where it is about nobody."""
    about: str = ""
    consequences: tuple[Fact, ...] = ()
    gains: tuple[Gain, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    answer_url: str = ""
    """Where the answer goes; where nothing is said, to the address of the question without what follows its question mark."""
    ways_out: tuple[Fact, ...] = ()
    danger: bool = True
    """It takes something away."""
    form: forms.Form | None = None
    """What has to be filled in beside it."""


@dataclass(frozen=True, slots=True)
class ManagerInvited:
    """That whoever is to administer something is invited to it, and the link; ``host`` manages it until then, where one does."""

    title: str
    kind: ResourceType
    invited: Invited
    next_url: str
    host: str = ""


def form_page(request: Request, page: FormPage, form: forms.Form, outcome: Outcome = None) -> HttpResponse:
    """Show a form, with what was typed and why it was refused."""
    return filled(request, "form_page.html", {"page": page, "crumbs": page.crumbs, "form": form, "ways_out": page.ways_out}, outcome)


def confirmation(request: Request, page: Confirmation, outcome: Outcome = None) -> HttpResponse:
    """Ask before something is done; where it was refused, say why."""
    context = {each.name: getattr(page, each.name) for each in fields(page)}
    kept = tuple((name, value) for name, value in page.kept.items() if value)
    return filled(request, "confirm.html", {**context, "kept": kept}, outcome)


def manager_invited(request: Request, page: ManagerInvited) -> HttpResponse:
    """Show the invitation of an administrator: its link stands on this answer alone, and is kept nowhere (R-INV-1)."""
    context = {
        "crumbs": (Crumb(page.title),),
        "title": page.title,
        "kind": label(page.kind.labels),
        "icon": page.kind.icon,
        "address": page.invited.address,
        "link": invitation_link(page.invited.secret),
        "is_mailed": page.invited.is_mailed,
        "until_then": page.host,
        "next_url": page.next_url,
    }
    return render(request, "manager_invited.html", context)


def filled(request: Request, template: str, context: Mapping[str, object], outcome: Outcome = None) -> HttpResponse:
    """Render a page with a form: the refusals of its outcome in the box, and the status that says them."""
    refused = outcome if isinstance(outcome, Refused) else None
    lines = refused.lines if refused else ()
    return render(request, template, {**context, "refusals": lines}, status=refused.status if refused else 200)
