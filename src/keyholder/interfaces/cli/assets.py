"""``asset``: what people make inside nodes, as the operator lists, makes, shares, applies and deletes it (semantics 8)."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TextIO

import click

from keyholder.domain.identifiers import AssetId, ResourceRef
from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.asking import JSON, ReferenceType

if TYPE_CHECKING:
    from keyholder.domain.identifiers import ResourceId
    from keyholder.services.caller import Caller
    from keyholder.services.queries.assets import AssetView

NUMBER = click.argument("number", type=click.IntRange(min=1))
RESOURCE = click.option("--resource", type=ReferenceType(), required=True, help="The node.")
BODY = click.option("--body", type=click.File("r", encoding="utf-8"), default=None, help='What it holds: a file, "-" for standard input.')
DESCRIPTION = click.option("--description", default=None, help="What it is for.")
COLUMNS = ("number", "kind", "name", "owner", "visible", "lives in", "applied to")


@click.group()
def asset() -> None:
    """List the assets of a node, make, change, share, apply and delete them."""


@asset.command(name="list")
@RESOURCE
@click.option("--kind", default="", help="Only of this kind.")
@JSON
def list_(*, resource: ResourceRef, kind: str, as_json: bool) -> None:
    """List the assets that live in a node, and those that can be applied there; what people have of their own as well."""
    caller = opening.operator()
    found = _every(caller, resource, kind)
    if as_json:
        for one in found:
            output.say_json(_plain(one))
        return
    output.say_table(COLUMNS, map(_row, found))


@asset.command()
@RESOURCE
@click.option("--kind", required=True, help="What it is: segment, goal, filter.")
@click.option("--name", required=True, help="What it is called.")
@click.option("--owner", default="", metavar="EMAIL", help="Whose own it is; without one it is shared.")
@click.option("--marked", is_flag=True, help="Show it also to those who see only what is marked visible.")
@DESCRIPTION
@BODY
@JSON
def create(
    *, resource: ResourceRef, kind: str, name: str, owner: str, marked: bool, description: str | None, body: TextIO | None, as_json: bool
) -> None:
    """Make an asset, and print its number."""
    caller = opening.operator()
    from keyholder.services.commands import assets
    from keyholder.services.commands.assets import NewAsset
    from keyholder.services.queries import lookups

    person = lookups.user(by=caller, email=owner) if owner else None
    new = NewAsset(kind, name, description or "", body.read() if body else "", marked)
    number = assets.create(by=caller, at=_node(caller, resource), new=new, owner=person)
    _done(number, "created", as_json=as_json)


@asset.command()
@NUMBER
@click.option("--name", default=None, help="What it is called from now on.")
@DESCRIPTION
@BODY
@JSON
def change(*, number: int, name: str | None, description: str | None, body: TextIO | None, as_json: bool) -> None:
    """Change what an asset is called or holds; what is left out stays."""

    def act(caller: "Caller") -> None:
        from keyholder.services.commands import assets

        assets.change(by=caller, asset=AssetId(number), name=name, description=description, body=body.read() if body else None)

    _do(number, "changed", act, as_json=as_json)


@asset.command()
@NUMBER
@click.option("--name", default="", help="What the copy is called; without one, the same.")
@JSON
def share(*, number: int, name: str, as_json: bool) -> None:
    """Make a shared copy of a personal asset, and print the copy's number."""
    caller = opening.operator()
    from keyholder.services.commands import assets

    _done(assets.share(by=caller, asset=AssetId(number), name=name), "shared", as_json=as_json)


@asset.command()
@NUMBER
@JSON
def delete(*, number: int, as_json: bool) -> None:
    """Delete an asset, and take it off wherever it is applied."""

    def act(caller: "Caller") -> None:
        from keyholder.services.commands import assets

        assets.delete(by=caller, asset=AssetId(number))

    _do(number, "deleted", act, as_json=as_json)


@asset.command()
@NUMBER
@click.option("--off", is_flag=True, help="No longer.")
@JSON
def mark(*, number: int, off: bool, as_json: bool) -> None:
    """Show an asset also to those who see only what is marked visible."""

    def act(caller: "Caller") -> None:
        from keyholder.services.commands import assets

        assets.mark(by=caller, asset=AssetId(number), marked=not off)

    _do(number, "unmarked" if off else "marked", act, as_json=as_json)


@asset.command()
@NUMBER
@RESOURCE
@JSON
def apply(*, number: int, resource: ResourceRef, as_json: bool) -> None:
    """Apply an asset at a node below the one it lives in: a filter at a view."""

    def act(caller: "Caller") -> None:
        from keyholder.services.commands import applied_assets

        applied_assets.apply(by=caller, asset=AssetId(number), to=_node(caller, resource))

    _do(number, "applied", act, as_json=as_json)


@asset.command()
@NUMBER
@RESOURCE
@JSON
def withdraw(*, number: int, resource: ResourceRef, as_json: bool) -> None:
    """Take an applied asset off a node."""

    def act(caller: "Caller") -> None:
        from keyholder.services.commands import applied_assets

        applied_assets.withdraw(by=caller, asset=AssetId(number), of=_node(caller, resource))

    _do(number, "withdrawn", act, as_json=as_json)


def _every(caller: "Caller", resource: ResourceRef, kind: str) -> "Iterator[AssetView]":
    """Go through all pages of one kind, or of every kind that there is."""
    from keyholder.services.queries.assets import assets

    first = assets(by=caller, at=resource, kind=kind)
    for name in [kind] if kind else [one.name for one in first.kinds if one.number]:
        page = assets(by=caller, at=resource, kind=name)
        yield from page.rows
        while page.next:
            page = assets(by=caller, at=resource, kind=name, after=page.next)
            yield from page.rows


def _plain(one: "AssetView") -> dict[str, object]:
    return {
        "number": one.id,
        "kind": one.kind,
        "name": one.name,
        "description": one.description,
        "body": one.body,
        "resource": str(one.home.ref),
        "owner": _owner(one),
        "marked": one.marked,
        "applied": [str(place.ref) for place in one.places],
    }


def _row(one: "AssetView") -> tuple[object, ...]:
    places = ", ".join(str(place.ref) for place in one.places)
    return one.id, one.kind, one.name, _owner(one) or "-", "yes" if one.marked else "-", one.home.ref, places or "-"


def _owner(one: "AssetView") -> str:
    return (one.owner.address or one.owner.name) if one.owner else ""


def _node(caller: "Caller", resource: ResourceRef) -> "ResourceId":
    from keyholder.services.queries import lookups

    return lookups.resource(by=caller, ref=resource)


def _do(number: int, what: str, act: "Callable[[Caller], None]", *, as_json: bool) -> None:
    act(opening.operator())
    _done(number, what, as_json=as_json)


def _done(number: int, what: str, *, as_json: bool) -> None:
    if as_json:
        output.say_json({"asset": number, "done": what})
    else:
        output.say(f"{what}: {number}")
