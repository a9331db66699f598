"""``resource``: deleting what stands in the tree, restoring it, letting it go for good, and moving it elsewhere (semantics 4, R020)."""

from typing import TYPE_CHECKING

import click

from keyholder.domain.identifiers import ResourceRef
from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.asking import JSON, ReferenceType

if TYPE_CHECKING:
    from keyholder.domain.identifiers import ResourceId
    from keyholder.services.caller import Caller
    from keyholder.services.differences import DifferenceView
    from keyholder.services.queries.moving import MovePreview

NAMED = click.argument("ref", type=ReferenceType(), metavar="TYPE:ID")
REASON = click.option("--reason", default="", help="Why; the log keeps it.")
COLUMNS = ("resource", "name", "since", "by", "until", "below")
EITHER = "say what becomes of access there: --keep or --replace"
WHICH = "--now goes with the resource that it is about"


@click.group()
def resource() -> None:
    """Delete resources, restore them from the trash, move them elsewhere."""


@resource.command()
@NAMED
@REASON
@JSON
def trash(*, ref: ResourceRef, reason: str, as_json: bool) -> None:
    """Put a resource into the trash with everything below it."""
    caller = opening.operator()
    from keyholder.services.commands import trashing

    trashing.trash(by=caller, resource=_number(caller, ref), reason=reason)
    _done("trashed", ref, as_json=as_json)


@resource.command(name="list")
@JSON
def list_(*, as_json: bool) -> None:
    """List what is in the trash, the newest first."""
    caller = opening.operator()
    from keyholder.domain.moments import write_moment
    from keyholder.services.queries import trash as queries

    rows = [
        (str(each.resource.ref), each.resource.name, write_moment(each.since), str(each.by), write_moment(each.ends_at), each.above)
        for each in queries.trash(by=caller)
    ]
    if as_json:
        for row in rows:
            output.say_json(dict(zip(COLUMNS, row, strict=True)))
    else:
        output.say_table(COLUMNS, rows)


@resource.command()
@NAMED
@REASON
@JSON
def restore(*, ref: ResourceRef, reason: str, as_json: bool) -> None:
    """Take a resource out of the trash, with all access as it was."""
    caller = opening.operator()
    from keyholder.services.commands import trashing

    trashing.restore(by=caller, resource=_number(caller, ref), reason=reason)
    _done("restored", ref, as_json=as_json)


@resource.command()
@click.argument("ref", type=ReferenceType(), metavar="[TYPE:ID]", required=False)
@click.option("--now", is_flag=True, help="Before its days are over.")
@JSON
def purge(*, ref: ResourceRef | None, now: bool, as_json: bool) -> None:
    """Delete for good what has been in the trash for its days: all of it, or one resource."""
    if now and ref is None:
        raise click.UsageError(WHICH)
    caller = opening.operator()
    from keyholder.interfaces.jobs import emptying
    from keyholder.services.commands import purging

    count = len(list(emptying.empty())) if ref is None else int(purging.purge(by=caller, resource=_number(caller, ref), early=now))
    if as_json:
        output.say_json({"purged": count})
    else:
        output.say(f"purged: {count}")


@resource.command()
@NAMED
@click.argument("to", type=ReferenceType(), metavar="TYPE:ID")
@click.option("--keep", "way", flag_value="keep", help="Keep access there; what people inherited becomes their own.")
@click.option("--replace", "way", flag_value="replace", help="Delete all access that was given there and below.")
@click.option("--dry-run", is_flag=True, help="Only say who gains and who loses.")
@REASON
@JSON
def move(*, ref: ResourceRef, to: ResourceRef, way: str | None, dry_run: bool, reason: str, as_json: bool) -> None:
    """Move a resource with everything below it to another parent."""
    if way is None:
        raise click.UsageError(EITHER)
    caller = opening.operator()
    from keyholder.domain.moving import Way
    from keyholder.services.commands import moving
    from keyholder.services.queries import moving as queries

    target = _number(caller, to)
    shown = queries.preview(by=caller, ref=ref, to=target, way=Way(way))
    if not dry_run:
        moving.move(by=caller, resource=shown.resource.id, to=target, way=Way(way), shown=shown.fingerprint, reason=reason)
    if as_json:
        output.say_json(_plain(shown, moved=not dry_run))
        return
    output.say(f"{'would move' if dry_run else 'moved'}: {ref} to {to}")
    output.say(f"deleted: {shown.gone}, made their own: {shown.own}, gaining: {shown.preview.gaining}, losing: {shown.preview.losing}")
    for group in shown.foreign:
        output.say(f"does not come along: the group {group.name}")
    for person in shown.asleep:
        output.say(f"does not come along: what {person.shown} would inherit, who is suspended")
    output.say(f"assets applied no longer: {shown.assets}, invitations that give less: {shown.invitations}")
    for row in shown.preview.rows:
        output.say(_line(row))


def _number(caller: "Caller", ref: ResourceRef) -> "ResourceId":
    from keyholder.services.queries import tree

    return tree.node(by=caller, ref=ref).id


def _plain(shown: "MovePreview", *, moved: bool) -> dict[str, object]:
    return {
        "moved": moved,
        "resource": str(shown.resource.ref),
        "from": str(shown.source.ref),
        "to": str(shown.target.ref),
        "deleted": shown.gone,
        "own": shown.own,
        "groups_left": [group.name for group in shown.foreign],
        "assets_withdrawn": shown.assets,
        "invitations_lessened": shown.invitations,
        "suspended_left": [person.shown for person in shown.asleep],
        "gaining": shown.preview.gaining,
        "losing": shown.preview.losing,
        "people": [
            {"who": row.principal.shown, "at": str(row.resource.ref), "gains": list(row.gained.shown), "loses": list(row.lost.shown)}
            for row in shown.preview.rows
        ],
    }


def _line(row: "DifferenceView") -> str:
    parts = ((f"gains {', '.join(row.gained.shown)}", row.gained.shown), (f"loses {', '.join(row.lost.shown)}", row.lost.shown))
    return f"  {row.principal.shown} at {row.resource.ref}: " + "; ".join(text for text, there in parts if there)


def _done(what: str, ref: ResourceRef, *, as_json: bool) -> None:
    if as_json:
        output.say_json({"resource": str(ref), "done": what})
    else:
        output.say(f"{what}: {ref}")
