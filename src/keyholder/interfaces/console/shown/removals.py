"""Removals as pages show them: what goes, what remains and where that can be changed, who can't be removed and why (R050 to R058)."""

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keyholder.engine.sources import SourceKind
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.shown import access, places
from keyholder.interfaces.console.shown.additions import day
from keyholder.interfaces.console.shown.nodes import Node
from keyholder.services.remains import Remaining
from keyholder.services.removals import Removal, Taken

FEW = 8


def taken(rows: Sequence[Taken], node: Node) -> tuple[Fact, ...]:
    """Say what goes, place by place, the first few line by line."""
    facts = [Fact(_taken(row, node), "circle-minus") for row in rows[:FEW]]
    rest = len(rows) - FEW
    if rest > 0:
        text = ngettext("and %(count)d more place", "and %(count)d more places", rest)
        facts.append(Fact(text % {"count": rest}, "ellipsis"))
    return tuple(facts)


def kept(rows: Sequence[Taken], node: Node) -> tuple[Fact, ...]:
    """Say what the reader still has of their own below a node, place by place, the first few."""
    return tuple(Fact(_("You still have %(what)s at %(place)s.") % _names(row, node), "corner-down-right") for row in rows[:FEW])


def remaining(rows: Iterable[Remaining], name: str, node: Node) -> tuple[Fact, ...]:
    """Say what somebody still has and through what, with the way to the place where it can be changed (R058)."""
    return tuple(_remaining(row, name, node) for row in rows)


def summary(removals: Sequence[Removal]) -> tuple[Fact, ...]:
    """Say what removing several people takes and leaves, in numbers."""
    return tuple(_summary([removal for removal in removals if removal.refusal is None]))


def _taken(row: Taken, node: Node) -> str:
    names = _names(row, node)
    if row.window.ends_at is None:
        return _("%(what)s at %(place)s goes.") % names
    return _("%(what)s at %(place)s, until %(day)s, goes.") % {**names, "day": day(row.window)}


def _names(row: Taken, node: Node) -> dict[str, str]:
    what = access.names([row.role] if row.role else row.permissions, places.blueprint_of(node.here))
    return {"what": ", ".join(what), "place": row.resource_name}


def _remaining(row: Remaining, name: str, node: Node) -> Fact:
    blueprint = places.blueprint_of(node.here)
    names = {
        "name": name,
        "what": ", ".join(access.names(row.permissions, blueprint)),
        "place": row.resource_name,
        "source": row.source_name,
    }
    if row.kind is SourceKind.GROUP:
        url = reverse("console:group", args=[row.source])
        return Fact(_("%(name)s still has %(what)s at %(place)s through %(source)s.") % names, "users-round", url, _open(row))
    if row.kind is SourceKind.ORGANIZATION:
        url = reverse("console:organization", args=[row.source])
        return Fact(_("%(name)s still has %(what)s at %(place)s as an admin of %(source)s.") % names, "building-2", url, _open(row))
    above = next((resource for resource in node.path if resource.id == row.resource), None)
    url = places.page_url("users", above) if above is not None and above.id in node.managed else ""
    return Fact(_("%(name)s still has %(what)s from %(source)s.") % names, "corner-down-right", url, _open(row) if url else "")


def _open(row: Remaining) -> str:
    return _("Open %(name)s") % {"name": row.source_name}


def _summary(going: Sequence[Removal]) -> Iterator[Fact]:
    if not going:
        return
    people = ngettext(
        "%(count)d person loses everything given to them here and below.",
        "%(count)d people lose everything given to them here and below.",
        len(going),
    )
    yield Fact(people % {"count": len(going)}, "user-minus")
    bindings = sum(len(removal.taken) for removal in going)
    yield Fact(ngettext("%(count)d grant goes.", "%(count)d grants go.", bindings) % {"count": bindings}, "circle-minus")
    keeping = [removal for removal in going if removal.remaining]
    if keeping:
        text = ngettext(
            "%(count)d of them still has access through groups, a role in the organization or from above.",
            "%(count)d of them still have access through groups, a role in the organization or from above.",
            len(keeping),
        )
        yield Fact(text % {"count": len(keeping)}, "info")
