"""Invitations as their list shows them: how each stands, what it is to give, how its letter fares, what can be done with it."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyholder.domain.invitations import Standing
from keyholder.domain.letters import LetterState
from keyholder.interfaces.console.forms.invitations import ALL, Asked
from keyholder.interfaces.console.parts.invitations import InvitationRow
from keyholder.interfaces.console.parts.marks import Tone, Who
from keyholder.interfaces.console.parts.navigation import Tab as NavigationTab
from keyholder.interfaces.console.shown import principals
from keyholder.interfaces.console.shown.invitation_page import said
from keyholder.interfaces.console.shown.nodes import Node
from keyholder.interfaces.console.shown.roster import TABS, counted
from keyholder.interfaces.http import dates
from keyholder.services.queries.invitations import Invitations, InvitationView, PlannedView
from keyholder.services.queries.roster import Roster

STANDINGS: Mapping[Standing, tuple[object, Tone]] = {
    Standing.PENDING: (gettext_lazy("Pending"), "info"),
    Standing.EXPIRED: (gettext_lazy("Expired"), "warn"),
    Standing.ACCEPTED: (gettext_lazy("Accepted"), "ok"),
    Standing.DECLINED: (gettext_lazy("Declined"), "bad"),
    Standing.REVOKED: (gettext_lazy("Revoked"), "bad"),
}
LETTERS: Mapping[LetterState | None, object] = {
    None: gettext_lazy("Handed over by hand"),
    LetterState.WAITING: gettext_lazy("Letter waits to be sent"),
    LetterState.SENT: gettext_lazy("Mailed"),
    LetterState.DEAD: gettext_lazy("Could not be mailed: hand a new link over"),
    LetterState.WITHDRAWN: gettext_lazy("Handed over by hand"),
}


def tabs(node: Node, found: Roster, invitations: int, text: str, *, current: bool = True) -> tuple[NavigationTab, ...]:
    """Return the tabs of user management as they stand on this page, with how many match in each."""
    kept = {"q": text} if text else {}
    counts = counted(found, node).items()
    others = (NavigationTab(str(TABS[tab]), f"{node.url()}?{urlencode({'tab': tab.value, **kept})}", count) for tab, count in counts)
    return (*others, tab(node, invitations, text, current=current))


def tab(node: Node, count: int, text: str, *, current: bool = False) -> NavigationTab:
    """Return the tab of invitations."""
    query = f"?{urlencode({'q': text})}" if text else ""
    return NavigationTab(_("Invitations"), node.url("invitations") + query, count, current)


def states(asked: Asked) -> tuple[NavigationTab, ...]:
    """Return the states that can be asked for, each as a link."""
    choices = [("", _("Open")), *((standing.value, str(text)) for standing, (text, _tone) in STANDINGS.items()), (ALL, _("All"))]
    return tuple(NavigationTab(label, asked.query(state=value), current=asked.state == value) for value, label in choices)


def rows(found: Invitations, node: Node) -> tuple[InvitationRow, ...]:
    """Show the rows of a page."""
    return tuple(row(one, node) for one in found.rows)


def of_group(found: Iterable[InvitationView]) -> tuple[InvitationRow, ...]:
    """Show the open invitations to a group; each is handled at the account that it is about."""
    return tuple(row(one, Node((one.account,))) for one in found)


def row(one: InvitationView, node: Node) -> InvitationRow:
    """Show one of them."""
    text, tone = STANDINGS[one.standing]
    acts = ("again", "renew", "revoke", "take")
    again, renew, revoke, take = (node.url(f"invitation-{act}", one.id) if one.can_handle else "" for act in acts)
    return InvitationRow(
        one.id,
        Who("", one.address),
        str(text),
        tone,
        tuple(map(planned, one.planned)),
        principals.called(one.inviter),
        str(LETTERS[one.letter]),
        one.settled_at or one.expires_at,
        one.is_awaiting,
        again_url=again,
        link_url=renew,
        revoke_url=revoke,
        take_url=take,
        edit_url=node.url("invitation-user", one.id),
    )


def planned(one: PlannedView) -> str:
    """Say in words what is to be given."""
    text = _("the group %(group)s") % {"group": one.place or _("that was deleted")}
    if one.what:
        text = _("%(what)s at %(place)s") % {"what": ", ".join(map(said, one.what)), "place": one.place}
    if one.in_place_of is not None:
        text = _("%(what)s, in the place of %(name)s, who steps down") % {"what": text, "name": one.in_place_of.name}
    if one.until is None:
        return text
    return _("%(what)s until %(day)s") % {"what": text, "day": dates.short_with_year(one.until)}
