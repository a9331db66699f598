"""Assets as their pages show them: the kinds as tabs, each asset with what can be done with it, and why something can't."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from keyholder.domain.assets import AssetAct
from keyholder.interfaces.console.parts.assets import AssetRow, Switch
from keyholder.interfaces.console.parts.marks import Act, Badge, Fact, Field, Link
from keyholder.interfaces.console.parts.navigation import Tab
from keyholder.interfaces.console.shown import places, principals
from keyholder.interfaces.http.wording import label, words
from keyholder.services.queries.assets import AssetsHere, AssetView, KindView
from keyholder.services.read_models import ResourceView

SWITCHES: Mapping[AssetAct, tuple[object, str, str, str]] = {
    AssetAct.APPLY: (gettext_lazy("Apply"), "plug", "asset-apply", ""),
    AssetAct.WITHDRAW: (gettext_lazy("Take off"), "unplug", "asset-withdraw", ""),
}
"""What is done at once: its words, its icon, its address, what it sends."""


def tabs(found: AssetsHere) -> tuple[Tab, ...]:
    """Return the kinds as tabs, with how many the reader sees of each."""
    here = places.page_url("assets", found.resource)
    chosen = found.kind.name if found.kind else ""
    return tuple(
        Tab(label(kind.plural.labels), f"{here}?{urlencode({'kind': kind.name})}", kind.number, kind.name == chosen) for kind in found.kinds
    )


def making(found: AssetsHere) -> Link | None:
    """Return what leads to making one of the chosen kind, or why the reader can't; None where none is made here."""
    kind = found.kind
    if kind is None or not kind.is_here:
        return None
    text = creating(kind)
    if kind.lacking is not None:
        return Link(text, "plus", refusal=words(kind.lacking))
    return Link(text, "plus", places.page_url("asset-create", found.resource, kind.name))


def creating(kind: KindView) -> str:
    """Return the words for making one of a kind."""
    return _("Add: %(kind)s") % {"kind": label(kind.label.labels)}


def lead(kind: KindView) -> str:
    """Say whose assets of a kind are and who sees them."""
    if not kind.is_here:
        return _("They live further up, where they are made and changed; here they are put to use.")
    if kind.personal:
        return _("What you make is yours alone until you share it: sharing makes a copy for everybody who may see it here.")
    if kind.marks:
        return _("Who sees only some of them sees those that are marked as visible.")
    return _("They belong to everybody who may see them here.")


def rows(found: AssetsHere) -> tuple[AssetRow, ...]:
    """Show a page of a list."""
    return tuple(row(one, found.resource) for one in found.rows)


def row(one: AssetView, here: ResourceView) -> AssetRow:
    """Show an asset with everything that can be done with it from here."""
    url = places.page_url("asset", here, one.id)
    return AssetRow(one.name, url, one.description, badges(one), tuple(_switches(one, here)), tuple(_acts(one, here)))


def badges(one: AssetView) -> tuple[Badge, ...]:
    """Return whose it is, and what is made of it."""
    found = [Badge(_("Yours alone"), "accent", "lock")] if one.personal else [Badge(_("Shared"), "", "users")]
    if one.marked:
        found.append(Badge(_("Visible"), "ok", "eye"))
    if one.applied:
        found.append(Badge(_("Applied here"), "ok", "plug"))
    return tuple(found)


def about(one: AssetView) -> tuple[Field, ...]:
    """Return what is to know about an asset."""
    fields = [
        Field(_("Kind"), label(one.label.labels)),
        Field(_("Lives in"), one.home.name),
    ]
    if one.maker is not None:
        fields.append(Field(_("Made by"), principals.called(one.maker)))
    return tuple(fields)


def uses(one: AssetView) -> tuple[Fact, ...]:
    """Return where it is applied, with what leads there."""
    kind = urlencode({"kind": one.kind})
    return tuple(
        Fact(place.name, places.icon(place), f"{places.page_url('assets', place)}?{kind}", _("Open its assets")) for place in one.places
    )


def sharing(one: AssetView) -> tuple[Fact, ...]:
    """Say what sharing does (R024, reading 05)."""
    return (
        Fact(_("Everybody who may see shared ones at %(place)s sees the copy.") % {"place": one.home.name}, "users"),
        Fact(_("This one stays as it is, and yours alone."), "lock"),
        Fact(_("The copy can be changed and deleted by everybody who may change shared ones, and stays when you go."), "pencil"),
    )


def deleting(one: AssetView) -> tuple[Fact, ...]:
    """Say what deleting takes away."""
    facts = [Fact(_("It is gone for good."), "trash-2")]
    if not one.personal:
        facts.append(Fact(_("Everybody who sees it at %(place)s loses it.") % {"place": one.home.name}, "users"))
    if one.places:
        number = len(one.places)
        text = ngettext("It is taken off the %(number)s place where it is applied.", "It is taken off %(number)s places.", number)
        facts.append(Fact(text % {"number": number}, "unplug"))
    return tuple(facts)


def why_fixed(one: AssetView) -> str:
    """Say why the reader can't change it, or where it can be changed; empty where they can."""
    if AssetAct.CHANGE in one.may:
        return ""
    if not one.is_here:
        return _("It lives in %(place)s and is changed there.") % {"place": one.home.name}
    return _("You can look at it and not change it. %(why)s") % {"why": words(one.lacking[AssetAct.CHANGE])}


def _switches(one: AssetView, here: ResourceView) -> Iterator[Switch]:
    for act, (text, icon, page, value) in SWITCHES.items():
        if act in one.may:
            yield Switch(str(text), icon, places.page_url(page, here, one.id), value)
        elif act in one.lacking:
            yield Switch(str(text), icon, refusal=words(one.lacking[act]))
    marking = (_("No longer visible"), "eye-off", "no") if one.marked else (_("Mark as visible"), "eye", "yes")
    if AssetAct.MARK in one.may:
        yield Switch(*marking[:2], places.page_url("asset-mark", here, one.id), marking[2])
    elif AssetAct.MARK in one.lacking:
        yield Switch(*marking[:2], refusal=words(one.lacking[AssetAct.MARK]))


def _acts(one: AssetView, here: ResourceView) -> Iterator[Act]:
    if AssetAct.SHARE in one.may:
        yield Act(_("Share a copy"), "share-2", places.page_url("asset-share", here, one.id))
    if AssetAct.DELETE in one.may:
        yield Act(_("Delete"), "trash-2", places.page_url("asset-delete", here, one.id), danger=True, dialog=True)
    elif AssetAct.DELETE in one.lacking:
        yield Act(_("Delete"), "trash-2", refusal=words(one.lacking[AssetAct.DELETE]))
