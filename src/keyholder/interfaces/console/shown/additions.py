"""Adding people as the page shows it before and after: what will happen, and what became of each address (R041, R042, R046)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.windows import ALWAYS, Window
from keyholder.interfaces.console.parts.lists import CheckedAddress
from keyholder.interfaces.console.parts.marks import Fact, Who
from keyholder.interfaces.console.shown import access, places, prospects
from keyholder.interfaces.http import dates
from keyholder.interfaces.http.links import invitation_link
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms
from keyholder.services.commands.inviting import Invited, Sent
from keyholder.services.differences import Preview
from keyholder.services.queries.acquaintances import Prospect, Recognised
from keyholder.services.read_models import PrincipalView, ResourceView

ADDED = frozenset({Prospect.HERE, Prospect.KNOWN})
"""Who is added at once."""
INVITED = frozenset({Prospect.STRANGER, Prospect.INVITED})
"""Who gets an invitation."""
SENT: Mapping[Sent, object] = {
    Sent.INVITED: gettext_lazy("Invited"),
    Sent.ADDED_TO: gettext_lazy("Added to the invitation"),
    Sent.RENEWED: gettext_lazy("Invited again"),
}
FEW = 3


@dataclass(frozen=True)
class Draft:
    """What would be done as the form stands: who is recognised, what they would gain, by which groups."""

    recognised: Sequence[Recognised] = ()
    what: Sequence[str] = ()
    """Permissions or a role by name."""
    window: Window = ALWAYS
    preview: Preview | None = None
    """None where the form can't be read yet."""
    groups: Sequence[tuple[PrincipalView, Preview]] = ()
    reader: PrincipalId | None = None
    is_whole: bool = False
    """The form can be read: something would be done."""
    is_bare: bool = False
    """Nothing is given yet: there is nobody to add, only to invite (R109)."""
    is_mailing: bool = False
    days: int = 0
    """For which an invitation is good."""

    @property
    def strangers(self) -> tuple[str, ...]:
        """Return the addresses that would be invited, each once."""
        found = {one.canonical: one.typed for one in self.recognised if one.prospect in INVITED}
        return tuple(found.values())

    @property
    def people(self) -> Mapping[PrincipalId, PrincipalView]:
        """Return those who would be added, each once."""
        if self.is_bare:
            return {}
        return {found.principal.id: found.principal for found in self.recognised if found.prospect in ADDED and found.principal}

    @property
    def left_out(self) -> list[Recognised]:
        """Return the addresses that are not added."""
        done = INVITED if self.is_bare else ADDED | INVITED
        return [found for found in self.recognised if found.prospect not in done]


def add_label(draft: Draft) -> str:
    """Say on the button who is added."""
    people, invited = list(draft.people.values()), len(draft.strangers)
    if people and invited:
        return _("Add %(added)d and invite %(invited)d") % {"added": len(people), "invited": invited}
    if invited == 1:
        return _("Invite %(address)s") % {"address": draft.strangers[0]}
    if invited:
        return ngettext("Invite %(count)d person", "Invite %(count)d people", invited) % {"count": invited}
    if len(people) == 1:
        return _("Add %(name)s") % {"name": people[0].shown}
    return ngettext("Add %(count)d person", "Add %(count)d people", len(people)) % {"count": len(people)}


def outlook(draft: Draft, here: ResourceView) -> tuple[Fact, ...]:
    """Say what will happen; nothing while nobody can be added or invited or nothing is chosen."""
    if not draft.is_whole or not (draft.people or draft.strangers):
        return ()
    given = _facts(draft, draft.preview, here) if draft.preview is not None else iter(())
    return (*given, *_inviting(draft), *_left_out(draft))


def toast(draft: Draft, here: ResourceView) -> str:
    """Say what became of the one who was added."""
    gained = any(row.gained for row in draft.preview.rows) if draft.preview else False
    names = {"name": next(iter(draft.people.values())).shown, "place": here.name}
    return _("%(name)s was added to %(place)s.") % names if gained else _("%(name)s had all of it at %(place)s already.") % names


def outcomes(draft: Draft) -> list[dict[str, object]]:
    """Return what became of each address, to be kept until the page about it is shown."""
    return [_outcome(found, draft) for found in draft.recognised if found.prospect not in INVITED]


def invited(sent: Iterable[Invited]) -> tuple[CheckedAddress, ...]:
    """Show what became of each address that was invited, with the link that is shown this once."""
    return tuple(
        CheckedAddress(
            Who("", one.address),
            str(SENT[one.outcome]),
            "ok",
            _("The invitation is on its way to them.") if one.is_mailed else _("Nothing was mailed: hand this link over yourself."),
            invitation_link(one.secret),
        )
        for one in sent
    )


def recalled(rows: Iterable[Mapping[str, object]]) -> tuple[CheckedAddress, ...]:
    """Show what was kept."""
    return tuple(
        CheckedAddress(Who(str(row["name"]), str(row["address"])), str(row["verdict"]), "ok" if row["done"] else "warn", str(row["detail"]))
        for row in rows
    )


def has_already(people: Sequence[PrincipalView], here: ResourceView) -> str:
    """Say who gains nothing, because all of it is there."""
    if len(people) == 1:
        return _("%(name)s has all of it at %(place)s already.") % {"name": people[0].shown, "place": here.name}
    text = ngettext(
        "%(count)d person has all of it at %(place)s already.", "%(count)d people have all of it at %(place)s already.", len(people)
    )
    return text % {"count": len(people), "place": here.name}


def day(window: Window) -> str:
    """Name the last day of a window."""
    return dates.day(window.ends_at) if window.ends_at else ""


def _outcome(found: Recognised, draft: Draft) -> dict[str, object]:
    gained = {row.principal.id for row in draft.preview.rows if row.gained} if draft.preview else set()
    detail = ""
    if found.prospect in ADDED and draft.is_bare:
        verdict, detail = _("Not added"), _("Nothing was chosen that they could be given.")
    elif found.prospect not in ADDED or found.principal is None:
        shown = prospects.checked([found])[0]
        verdict, detail = _("Not added"), f"{shown.verdict}. {shown.detail}" if shown.detail else shown.verdict
    elif found.prospect is Prospect.KNOWN:
        verdict = _("Added")
    else:
        verdict = _("Got more") if found.principal.id in gained else _("Had it already")
    who = found.principal
    address = who.address if who else found.typed
    return {
        "name": who.name if who else "",
        "address": address,
        "verdict": verdict,
        "detail": detail,
        "done": found.prospect in ADDED and not draft.is_bare,
    }


def _facts(draft: Draft, preview: Preview, here: ResourceView) -> Iterator[Fact]:
    blueprint = places.blueprint_of(here)
    gaining = [row.principal for row in preview.rows if row.gained and row.principal.id in draft.people]
    if gaining:
        below = ", ".join(_counted(type_name, count) for type_name, count in preview.below)
        what = {"what": ", ".join(access.names(draft.what, blueprint)), "place": here.name, "below": below}
        yield Fact(_will_have(gaining, below) % {**_named(gaining), **what}, "key-round")
    settled = [view for number, view in draft.people.items() if number not in {one.id for one in gaining}]
    if settled:
        yield Fact(has_already(settled, here), "check")
    if draft.window.ends_at is not None:
        yield Fact(_("It ends with %(day)s.") % {"day": day(draft.window)}, "calendar-clock")
    for group, of_group in draft.groups:
        yield Fact(_joining(group, of_group), "users-round")
    if draft.reader in draft.people:
        yield Fact(_("You give this to yourself: the activity will say so."), "flag")


def _inviting(draft: Draft) -> Iterator[Fact]:
    """Say who is invited, how the links travel, and that nothing is given where that is so (R102, R109)."""
    count = len(draft.strangers)
    if not count:
        return
    text = ngettext(
        "%(count)d person who is not known here gets an invitation, good for %(days)d days. They have nothing until they accept.",
        "%(count)d people who are not known here get an invitation, good for %(days)d days. They have nothing until they accept.",
        count,
    )
    yield Fact(text % {"count": count, "days": draft.days}, "mail")
    if draft.is_mailing:
        yield Fact(_("It is mailed, and you get the links as well."), "send")
    else:
        yield Fact(_("You will get links to share: no mail server is set up here."), "link")
    if draft.is_bare:
        yield Fact(_("They will have no permissions until somebody gives them some."), "triangle-alert")


def _left_out(draft: Draft) -> Iterator[Fact]:
    left_out = len(draft.left_out)
    if left_out:
        text = ngettext(
            "%(count)d address is left out; beside it stands why.", "%(count)d addresses are left out; beside each stands why.", left_out
        )
        yield Fact(text % {"count": left_out}, "circle-slash")


def _will_have(people: Sequence[PrincipalView], below: str) -> str:
    count = len(people)
    if below and count == 1:
        return _("%(name)s will have %(what)s at %(place)s and everything below it: %(below)s.")
    if below:
        return ngettext(
            "%(count)d person will have %(what)s at %(place)s and everything below it: %(below)s.",
            "%(count)d people will have %(what)s at %(place)s and everything below it: %(below)s.",
            count,
        )
    if count == 1:
        return _("%(name)s will have %(what)s at %(place)s.")
    return ngettext("%(count)d person will have %(what)s at %(place)s.", "%(count)d people will have %(what)s at %(place)s.", count)


def _named(people: Sequence[PrincipalView]) -> dict[str, object]:
    return {"name": people[0].shown, "count": len(people)}


def _joining(group: PrincipalView, preview: Preview) -> str:
    found = dict.fromkeys(
        (row.resource.name, tuple(access.names(row.gained.shown, places.blueprint_of(row.resource)))) for row in preview.rows if row.gained
    )
    gained = [_("%(what)s at %(place)s") % {"what": ", ".join(what), "place": place} for place, what in list(found)[:FEW]]
    if not gained:
        return _("They become members of %(group)s, which adds nothing at the moment.") % {"group": group.name}
    return _("They become members of %(group)s, and get from it: %(gained)s.") % {"group": group.name, "gained": "; ".join(gained)}


def _counted(type_name: str, count: int) -> str:
    kind = platforms.catalogue().types[type_name]
    return _("%(count)d %(kinds)s") % {"count": count, "kinds": label(kind.labels if count == 1 else kind.plural)}
