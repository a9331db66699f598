"""Previews as pages show them: who gains and who loses what, and where (R048, R082)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.parts.access import Gain
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.shown import access, places, principals
from keyholder.interfaces.http.wording import label, words
from keyholder.services import platforms
from keyholder.services.differences import DifferenceView, Preview
from keyholder.services.losses import Loss

Lines = dict[tuple[PrincipalId, str, str, str], list[str]]
"""Who, by name, loses what and keeps what: the places where."""
FEW = 8
"""People that a confirmation names; the numbers say how many there are."""


def gains(preview: Preview) -> tuple[Gain, ...]:
    """Show who gains and loses what; nobody's name leads away from a form that is not saved yet."""
    return tuple(map(_gain, preview.rows))


def unsaid(preview: Preview) -> tuple[Fact, ...]:
    """Say what the rows of a preview leave out: further people, and what lies below."""
    facts = []
    shown = {row.principal.id for row in preview.rows}
    hidden = max(preview.gaining, preview.losing) - len(shown)
    if hidden > 0:
        text = ngettext("%(count)d more person is concerned.", "%(count)d more people are concerned.", hidden)
        facts.append(Fact(text % {"count": hidden}, "users"))
    for type_name, count in preview.below:
        facts.append(Fact(_below(type_name, count), "corner-down-right"))
    return tuple(facts)


def taken(preview: Preview) -> tuple[Fact, ...]:
    """Say who loses what and where, and what stays with them, the first few of them."""
    lines: Lines = {}
    for row in preview.rows:
        if row.lost:
            listed = ", ".join(access.names(row.lost.shown, places.blueprint_of(row.resource)))
            lines.setdefault((row.principal.id, row.principal.shown, listed, _stays(row)), []).append(row.resource.name)
    return _facts(lines, preview.losing)


def lost(losses: Iterable[Loss]) -> tuple[Fact, ...]:
    """Say how many lose something, and who loses what where, the first few of them (R082)."""
    lines: Lines = {}
    for loss in losses:
        blueprint = platforms.catalogue().of(loss.type)
        listed = ", ".join(access.names(blueprint.minimal(blueprint.mask(loss.lost)), blueprint))
        kept = ", ".join(access.names(loss.kept, blueprint))
        stays = _("Keeps %(permissions)s.") % {"permissions": kept} if kept else ""
        lines.setdefault((loss.principal, loss.name, listed, stays), []).append(loss.resource_name)
    return _facts(lines, len({person for person, *_rest in lines}))


def _facts(lines: Lines, total: int) -> tuple[Fact, ...]:
    """Say how many there are where that is not seen at a glance, then one line for each person, set and what stays."""
    people = list(dict.fromkeys(person for person, *_rest in lines))
    shown = people[:FEW]
    facts = []
    if total > 1:
        whole = ngettext("%(count)d person loses something.", "%(count)d people lose something.", total) % {"count": total}
        facts.append(Fact(whole, "users"))
    for person, name, listed, stays in sorted((key for key in lines if key[0] in shown), key=lambda key: shown.index(key[0])):
        where = ", ".join(lines[person, name, listed, stays])
        text = _("%(name)s loses %(permissions)s at %(place)s.") % {"name": name, "permissions": listed, "place": where}
        facts.append(Fact(f"{text} {stays}".strip(), "user-minus"))
    if total > len(shown) > 0:
        rest = total - len(shown)
        facts.append(Fact(ngettext("and %(count)d more person", "and %(count)d more people", rest) % {"count": rest}, "ellipsis"))
    return tuple(facts)


def _gain(row: DifferenceView) -> Gain:
    blueprint = places.blueprint_of(row.resource)
    given, lost_here = access.names(row.gained.shown, blueprint), access.names(row.lost.shown, blueprint)
    return Gain(principals.who(row.principal, linked=False), row.resource.name, tuple(given), tuple(lost_here), _stays(row))


def _stays(row: DifferenceView) -> str:
    if not row.stays:
        return ""
    listed = ", ".join(access.names(row.stays.shown, places.blueprint_of(row.resource)))
    return _("Keeps %(permissions)s, %(source)s.") % {"permissions": listed, "source": words(row.kept[0].label)}


def _below(type_name: str, count: int) -> str:
    return _("%(kinds)s below: %(count)d") % {"kinds": label(platforms.catalogue().types[type_name].plural), "count": count}
