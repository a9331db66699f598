"""Previews as pages show them: who gains and who loses what, and where (R048, R082)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keyholder.interfaces.console.parts.access import Gain
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.shown import access, places, principals
from keyholder.interfaces.http.wording import label, words
from keyholder.services import platforms
from keyholder.services.differences import DifferenceView, Preview
from keyholder.services.losses import Loss

FEW = 8
"""Lines of a confirmation; the numbers say how many there are."""


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
    """Say who loses what and where, and what stays with them, the first few line by line."""
    facts = [Fact(f"{_taken(row)} {_gain(row).stays}".strip(), "user-minus") for row in preview.rows[:FEW] if row.lost]
    rest = preview.losing - len({row.principal.id for row in preview.rows[:FEW]})
    if rest > 0:
        facts.append(
            Fact(
                ngettext("%(count)d more person loses something.", "%(count)d more people lose something.", rest) % {"count": rest}, "users"
            )
        )
    return tuple(facts)


def lost(losses: Iterable[Loss]) -> tuple[Fact, ...]:
    """Say who loses what and where, the first few line by line, and how many there are in all (R082)."""
    rows = list(losses)
    facts = [Fact(_loss(loss), "user-minus") for loss in rows[:FEW]]
    if len(rows) > FEW:
        people, rest = len({loss.principal for loss in rows}), len(rows) - FEW
        more = ngettext("and %(count)d more line like these", "and %(count)d more lines like these", rest) % {"count": rest}
        whole = ngettext("%(count)d person in all", "%(count)d people in all", people) % {"count": people}
        facts.append(Fact(f"{more}: {whole}.", "users"))
    return tuple(facts)


def _gain(row: DifferenceView) -> Gain:
    blueprint = places.blueprint_of(row.resource)
    stays = ""
    if row.stays:
        listed = ", ".join(access.names(row.stays.shown, blueprint))
        stays = _("Keeps %(permissions)s, %(source)s.") % {"permissions": listed, "source": words(row.kept[0].label)}
    who = principals.who(row.principal, linked=False)
    given, taken = access.names(row.gained.shown, blueprint), access.names(row.lost.shown, blueprint)
    return Gain(who, row.resource.name, tuple(given), tuple(taken), stays)


def _taken(row: DifferenceView) -> str:
    listed = ", ".join(access.names(row.lost.shown, places.blueprint_of(row.resource)))
    return _("%(name)s loses %(permissions)s at %(place)s.") % {
        "name": row.principal.shown,
        "permissions": listed,
        "place": row.resource.name,
    }


def _loss(loss: Loss) -> str:
    blueprint = platforms.catalogue().of(loss.type)
    fields = {
        "name": loss.name,
        "permissions": ", ".join(access.names(blueprint.minimal(blueprint.mask(loss.lost)), blueprint)),
        "place": loss.resource_name,
        "kept": ", ".join(access.names(loss.kept, blueprint)),
    }
    if loss.kept:
        return _("%(name)s loses %(permissions)s at %(place)s and keeps %(kept)s there.") % fields
    return _("%(name)s loses %(permissions)s at %(place)s.") % fields


def _below(type_name: str, count: int) -> str:
    return _("%(kinds)s below: %(count)d") % {"kinds": label(platforms.catalogue().types[type_name].plural), "count": count}
