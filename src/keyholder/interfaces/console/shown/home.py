"""The home page: what waits, how much there is of it, and the way to the reader's own accounts."""

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keyholder.interfaces.console import moments
from keyholder.interfaces.console.parts.access import Node, Platform
from keyholder.interfaces.console.parts.happenings import Count, FirstStep, Matter
from keyholder.interfaces.console.shown import places, principals
from keyholder.interfaces.http.wording import label, words
from keyholder.services.caller import Caller
from keyholder.services.closed import way_in
from keyholder.services.first_steps import Step
from keyholder.services.queries.home import EndingAccess, Home, LackingAccount, PlatformAccounts, Violations
from keyholder.services.queries.invitations import InvitationView


def waiting(home: Home, by: Caller) -> tuple[Matter, ...]:
    """Return what waits for the reader, the most pressing first."""
    lacking = (_lacking(account) for account in home.lacking.first)
    violations = (_violations(outside) for outside in home.violations)
    return (*_closed(home), *_mail(home), *lacking, *violations, *(_ending(access, by) for access in home.ending.first), *_trash(home))


def invitations(found: Iterable[InvitationView], by: Caller) -> tuple[Matter, ...]:
    """Return the invitations that end soon, and those that somebody wants to accept and nobody can give."""
    return tuple(_invitation(one, by) for one in found)


def counts(home: Home) -> tuple[Count, ...]:
    """Return how much there is, for who has something to look after."""
    if not home.steps and not any((home.lacking.first, home.ending.total, home.violations)):
        return ()
    return tuple(_counts(home))


def platforms(home: Home) -> tuple[Platform, ...]:
    """Return the reader's accounts, platform by platform."""
    return tuple(_platform(found) for found in home.platforms)


def first_steps(home: Home) -> tuple[FirstStep, ...]:
    """Return the check-list of somebody who begins."""
    return tuple(FirstStep(words(step.title), _where(step), step.is_done, words(step.how)) for step in home.steps)


def _counts(home: Home) -> Iterator[Count]:
    accounts = sum(found.total for found in home.platforms)
    yield Count(_("Accounts"), accounts, _("that you can reach"), "folder-tree", "accent")
    few, none = home.lacking.one, home.lacking.none
    detail = ngettext("%(count)d of them without any", "%(count)d of them without any", none) % {"count": none}
    yield Count(_("Short of managers"), few + none, detail if none else _("with only one"), "user-key", "warn" if few + none else "ok")
    yield Count(_("Ending soon"), home.ending.total, _("within 14 days"), "clock", "info")
    outside = sum(found.people for found in home.violations)
    yield Count(_("Outside the policy"), outside, _("people"), "triangle-alert", "bad" if outside else "ok")


def _closed(home: Home) -> Iterator[Matter]:
    for one in home.closed:
        url = reverse("console:organization", args=[one.organization])
        yield Matter(one.name, words(way_in(one)), "log-in", "info", url, _("Go on through %(name)s") % {"name": one.provider})


def _mail(home: Home) -> Iterator[Matter]:
    if home.mail is None:
        return
    if not home.mail.is_set_up:
        detail = _("Links are handed over by hand, and nobody is told of anything.")
        yield Matter(_("Mail is not set up"), detail, "mail-x", "info", reverse("console:mail"), _("Set it up"))
        return
    url = reverse("console:mail-outbox")
    if home.mail.held:
        title = ngettext("%(count)d letter is held back", "%(count)d letters are held back", home.mail.held) % {"count": home.mail.held}
        yield Matter(title, _("The mail server does not take mail."), "mail-warning", "bad", url, _("See why"))
    if home.mail.dead:
        title = ngettext("%(count)d letter was given up", "%(count)d letters were given up", home.mail.dead) % {"count": home.mail.dead}
        yield Matter(title, _("Whoever waits for it waits in vain."), "mail-warning", "warn", f"{url}?state=dead", _("Look"))


def _trash(home: Home) -> Iterator[Matter]:
    if home.trash:
        title = ngettext("%(count)d thing is in the trash", "%(count)d things are in the trash", home.trash) % {"count": home.trash}
        detail = _("It can be restored with all access as it was, until its days are over.")
        yield Matter(title, detail, "trash-2", "info", reverse("console:trash"), _("Open the trash"))


def _lacking(account: LackingAccount) -> Matter:
    name, url = account.resource.name, places.page_url("add-people", account.resource)
    if account.managers:
        title = _("%(name)s has only one manager") % {"name": name}
        return Matter(title, _("If they leave, nobody can change access there."), "user-key", "warn", url, _("Add a second"))
    title = _("%(name)s has no manager") % {"name": name}
    return Matter(title, _("Nobody can change access there until somebody is appointed."), "user-key", "bad", url, _("Appoint one"))


def _violations(outside: Violations) -> Matter:
    title = ngettext(
        "%(count)d person is outside the policy of %(name)s", "%(count)d people are outside the policy of %(name)s", outside.people
    ) % {"count": outside.people, "name": outside.organization.name}
    detail = _("Its user policy does not take their addresses.")
    return Matter(title, detail, "triangle-alert", "warn", reverse("console:organization", args=[outside.organization.id]), _("Show them"))


def _ending(access: EndingAccess, by: Caller) -> Matter:
    who, when = access.principal.shown, moments.in_words(access.ends_at, by.at)
    if access.resource is not None:
        title = _("Access of %(who)s to %(place)s ends %(when)s") % {"who": who, "place": access.resource.name, "when": when}
        url = places.page_url("permissions", access.resource, access.principal.id)
        return Matter(title, words(access.held) if access.held else "", "clock", "info", url, _("Look"))
    group = access.group.shown if access.group else ""
    title = _("%(who)s leaves the group %(group)s %(when)s") % {"who": who, "group": group, "when": when}
    url = principals.url_of(access.group) if access.group else ""
    return Matter(title, _("With it goes what the group gives."), "clock", "info", url, _("Look"))


def _invitation(one: InvitationView, by: Caller) -> Matter:
    names = {"address": one.address, "place": one.account.name, "when": moments.in_words(one.expires_at, by.at)}
    url = places.page_url("invitations", one.account)
    if one.is_awaiting:
        title = _("%(address)s wants to come to %(place)s, and nobody can give it") % names
        return Matter(title, _("Who invited them may not any more: take the invitation over."), "hand", "warn", url, _("Look"))
    title = _("The invitation of %(address)s to %(place)s ends %(when)s") % names
    return Matter(title, _("It was not answered yet; it can be sent again."), "mail", "info", url, _("Look"))


def _platform(found: PlatformAccounts) -> Platform:
    nodes = tuple(Node(view.name, places.kind(view), places.icon(view), view.ref.key, places.url(view)) for view in found.accounts)
    return Platform(label(found.label.labels), nodes, places.admin_url(found.platform), found.total)


def _where(step: Step) -> str:
    if step.account is not None:
        return places.page_url("add-people", step.account)
    if step.code == "groups":
        return reverse("console:group-create")
    return reverse("console:organization", args=[step.organization.id]) if step.organization else reverse("console:organizations")
