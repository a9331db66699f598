"""A node's settings as their page shows them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from keyholder.domain.sentences import sentence
from keyholder.interfaces.console.parts.marks import Fact, Field, Remark, Who
from keyholder.interfaces.console.parts.navigation import Tab
from keyholder.interfaces.console.shown import groups, places, principals
from keyholder.interfaces.console.shown.resources import lacking
from keyholder.interfaces.http.wording import label, words
from keyholder.services.queries.ownership import Ownership
from keyholder.services.queries.settings import Settings
from keyholder.services.read_models import PrincipalView
from keyholder.services.rules.managers import LAST


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether a hosted account is managed from above, and how to change that; without an address ``refusal`` says who can."""

    on: bool
    title: str
    detail: str
    verb: str
    url: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Something to do with a whole node; without an address ``refusal`` says what it needs."""

    title: str
    detail: str
    verb: str
    url: str = ""
    refusal: str = ""
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Owners:
    """Who has the role that stands at a node; addresses for who has it, to hand it over and to step down."""

    role: str
    people: tuple[Who, ...]
    hand_over_url: str = ""
    step_down_url: str = ""
    """Empty for the last who has it;"""
    refusal: str = ""
    """this says why."""


def owners(found: Settings, owned: Ownership) -> Owners:
    """Show who owns a node."""
    hand_over = places.page_url("hand-over", found.resource) if owned.is_mine else ""
    is_last = owned.is_mine and len(owned.owners) == 1
    step_down = places.page_url("step-down", found.resource) if owned.is_mine and not is_last else ""
    role, people = label(owned.role.labels), tuple(principals.who(view, linked=False) for view in owned.owners)
    refusal = words(sentence(LAST, resource=found.resource.name, permission=role)) if is_last else ""
    return Owners(role, people, hand_over, step_down, refusal)


def about(found: Settings) -> tuple[Field, ...]:
    """Return the facts about a node."""
    resource = found.resource
    fields = [
        Field(_("Platform"), label(places.blueprint_of(resource).labels)),
        Field(_("Level"), places.kind(resource)),
        Field(_("Id"), resource.ref.key),
    ]
    if found.organization is not None:
        fields.append(Field(_("Organization"), found.organization.name))
    return tuple(fields)


def remarks(found: Settings) -> tuple[Remark, ...]:
    """Say what needs to be known about a node."""
    said = []
    if found.in_trash is not None:
        said.append(Remark(_("%(name)s is in the trash: nobody has access here.") % {"name": found.in_trash.name}, "trash-2", "warn"))
    if found.is_awaiting:
        text = _("It awaits a manager: the admins of its organization and an operator can appoint one.")
        said.append(Remark(text, "triangle-alert", "warn"))
    return tuple(said)


def leaving(found: Settings) -> tuple[Leaving, ...]:
    """Return what can be done with a whole node: moving it where its platform lets it, deleting it; or who may."""
    resource = found.resource
    if found.in_trash is not None:
        return ()
    above = found.path[-2] if len(found.path) > 1 else resource
    ways = []
    if found.can_be_moved:
        detail = _("To another %(kind)s, with the access that people have here or without it.") % {"kind": places.kind(above).lower()}
        refusal = "" if found.rights.move else words(lacking(above, f"{resource.type}.move"))
        url = places.page_url("move", resource) if found.rights.move else ""
        ways.append(Leaving(_("Move"), detail, _("Move %(name)s") % {"name": resource.name}, url, refusal))
    detail = _("It goes into the trash with everything below it, and can be restored from there for a while.")
    refusal = "" if found.rights.delete else words(lacking(resource, f"{resource.type}.delete"))
    url = places.page_url("delete", resource) if found.rights.delete else ""
    ways.append(Leaving(_("Delete"), detail, _("Delete %(name)s") % {"name": resource.name}, url, refusal, danger=True))
    return tuple(ways)


def tabs(found: Settings) -> tuple[Tab, ...]:
    """Return the menu of a node's settings: its own, and its users for who manages them (S001-08)."""
    if not found.rights.see_users:
        return ()
    users = places.said(found.resource, "users") or _("User management")
    here = places.page_url("settings", found.resource)
    return (Tab(_("Settings"), here, current=True), Tab(users, places.page_url("users", found.resource)))


def rename_refusal(found: Settings) -> str:
    """Say what renaming needs, to who may not; else nothing."""
    if found.rights.update:
        return ""
    return words(lacking(found.resource, f"{found.resource.type}.update"))


def switch(found: Settings) -> Switch | None:
    """Show the switch of a hosted account; None where there is nothing to switch."""
    if found.managed is None:
        return None
    host = found.path[-2].name
    if found.managed:
        title = _("Managed by %(host)s") % {"host": host}
        detail = _("What people hold at %(host)s holds here as well, and the host's administrators manage users here.") % {"host": host}
    else:
        title = _("Not managed by %(host)s") % {"host": host}
        detail = _("Nobody of %(host)s sees this account. Only its own people work here.") % {"host": host}
    url = places.page_url("delegation", found.resource) if found.rights.delegate else ""
    refusal = "" if url else _("Only an administrator of this very account switches this, not one of the host's.")
    return Switch(found.managed, title, detail, verb(on=not found.managed), url, refusal)


def belonging(found: Settings) -> Fact | None:
    """Say which organization an account belongs to, with the way to it or to a link; None at what is not linked itself."""
    if not places.type_of(found.resource).links:
        return None
    if found.organization is not None:
        text = _("%(account)s belongs to %(organization)s.") % {"account": found.resource.name, "organization": found.organization.name}
        return Fact(text, "building-2", groups.home_url(found.organization), _("Show the organization"))
    text = _("%(account)s belongs to no organization: it has no groups and no user policy.") % {"account": found.resource.name}
    return Fact(text, "building-2", places.page_url("account-link", found.resource), _("Link it"))


def switching(found: Settings, *, on: bool) -> str:
    """Return the title of the confirmation."""
    names = {"account": found.resource.name, "host": found.path[-2].name}
    if on:
        return _("Let %(host)s manage %(account)s") % names
    return _("End the management of %(account)s by %(host)s") % names


def switched(found: Settings, *, on: bool) -> str:
    """Say what was done."""
    names = {"account": found.resource.name, "host": found.path[-2].name}
    return _("%(host)s manages %(account)s now.") % names if on else _("%(host)s does not manage %(account)s any more.") % names


def stays(found: Settings, person: PrincipalView) -> Fact:
    """Say that somebody of the host keeps what was given to them here, and lead to where it is taken away."""
    names = {"name": person.shown, "host": found.path[-2].name}
    text = _("%(name)s of %(host)s keeps what was given here: take it away first, if it is not to stay.") % names
    return Fact(text, "triangle-alert", places.page_url("user", found.resource, person.id), _("Open %(name)s") % {"name": person.shown})


def verb(*, on: bool) -> str:
    """Return the words of the button."""
    return _("Switch delegation on") if on else _("Switch delegation off")


def consequences(found: Settings, *, on: bool) -> tuple[Fact, ...]:
    """Say what follows, beside who gains and who loses."""
    host = {"host": found.path[-2].name}
    if on:
        return (Fact(_("People of %(host)s see this account and work here at once.") % host, "eye"),)
    return (
        Fact(_("People of %(host)s who have nothing of their own here don't see this account any more, from now on.") % host, "eye-off"),
        Fact(_("%(host)s can't switch it on again by itself.") % host, "lock"),
    )
