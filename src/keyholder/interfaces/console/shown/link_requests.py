"""Requests for links as pages show them: what waits for the reader, what the reader's side has asked, what agreeing does (R083)."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keyholder.domain.linking import Side
from keyholder.interfaces.console.parts.happenings import Matter
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.parts.requests import LinkRequestRow
from keyholder.interfaces.console.shown import places, principals
from keyholder.services.queries.link_requests import LinkRequestView


def to_decide(found: Iterable[LinkRequestView]) -> tuple[LinkRequestRow, ...]:
    """Show what the reader may answer."""
    return tuple(
        LinkRequestRow(
            title(one),
            asker(one),
            one.asked_at,
            one.reason,
            accept_url=reverse("console:link-accept", args=[one.number]),
            refuse_url=reverse("console:link-refuse", args=[one.number]),
        )
        for one in found
    )


def own(found: Iterable[LinkRequestView]) -> tuple[LinkRequestRow, ...]:
    """Show what the reader's side has asked."""
    return tuple(
        LinkRequestRow(title(one), asker(one), one.asked_at, one.reason, withdraw_url=reverse("console:link-withdraw", args=[one.number]))
        for one in found
    )


def title(one: LinkRequestView) -> str:
    """Say what is asked. The other side is called as it was asked for by who asked."""
    names = {
        "account": one.account.name if one.account is not None else one.asked,
        "organization": one.organization.name if one.organization is not None else one.asked,
    }
    return _("Link %(account)s to %(organization)s") % names


def asker(one: LinkRequestView) -> str:
    """Say who asked, and for which side."""
    text = _("%(name)s asked for the account.") if one.side is Side.ACCOUNT else _("%(name)s asked for the organization.")
    return text % {"name": principals.called(one.asker)}


def consequences() -> tuple[Fact, ...]:
    """Say what a link does."""
    return (
        Fact(_("Admins and user admins of the organization can manage the account's users, where its platform says so."), "user-cog"),
        Fact(_("Its groups can be given access in the account."), "users-round"),
        Fact(_("Its user policy holds there; who is outside stays, and is marked."), "shield-check"),
        Fact(_("What people have in the account stays as it is. Either side can end the link later."), "circle-check"),
    )


def evidence(one: LinkRequestView) -> tuple[Fact, ...]:
    """Say who asked and which account and organization it is about, by what nobody else is called."""
    facts = [Fact(asker(one), "circle-user")]
    if one.account is not None:
        facts.append(Fact(_("The account: %(kind)s %(name)s, %(key)s") % _account(one), places.icon(one.account)))
    if one.organization is not None:
        names = {"name": one.organization.name, "key": one.organization.key}
        facts.append(Fact(_("The organization: %(name)s, %(key)s") % names, "building-2"))
    if one.reason:
        facts.append(Fact(_("Reason: %(reason)s") % {"reason": one.reason}, "message-square"))
    return tuple(facts)


def matter(count: int) -> tuple[Matter, ...]:
    """Return what waits on the home page: links that the reader may agree to."""
    if not count:
        return ()
    title = ngettext("%(count)d link to an organization to decide", "%(count)d links to organizations to decide", count) % {"count": count}
    return (Matter(title, _("The other side has agreed already."), "link", "accent", reverse("console:requests"), _("Decide")),)


def _account(one: LinkRequestView) -> dict[str, str]:
    view = one.account
    return {"kind": places.kind(view), "name": view.name, "key": view.ref.key} if view is not None else {}
