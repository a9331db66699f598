"""``group``: groups as the console has them: made, filled, nested, given access, deleted."""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.moments import write_moment
from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.asking import JSON, GroupName, GroupType, MomentType, ReferenceType

if TYPE_CHECKING:
    from datetime import datetime

    from keyholder.domain.identifiers import PrincipalId
    from keyholder.services.caller import Caller
    from keyholder.services.queries.group_members import Member

GROUP = click.argument("name", metavar="ORG/KEY", type=GroupType())
EMAILS = click.argument("emails", metavar="EMAIL...", nargs=-1, required=True)
REASON = click.option("--reason", default="", help="Why; the log keeps it.")
UNTIL = click.option("--until", type=MomentType(), help="When it is to end (RFC 3339); never where left out.")
RESOURCE = click.option("--resource", type=ReferenceType(), required=True, help="Where.")
PERMISSION = click.option("--permission", "permissions", multiple=True, help="What everybody in it may do there; may be repeated.")
ROLE = click.option("--role", default="", help="The role that everybody in it has there instead.")
BYTES = 32
"""Of randomness for a link."""


@click.group()
def group() -> None:
    """Make groups, fill and nest them, give them access, delete them. A group is named ORG/KEY, as in acme/analysts."""


@group.command()
@click.argument("organization", metavar="ORG")
@click.argument("called", metavar="NAME")
@click.option("--key", default="", help="Its id; made of the name where left out.")
@click.option("--description", default="", help="What it is for.")
@click.option("--owner", "owners", multiple=True, help="Address of somebody who decides who is in it; may be repeated.")
@JSON
def create(*, organization: str, called: str, key: str, description: str, owners: Sequence[str], as_json: bool) -> None:
    """Make a group of an organization."""
    caller = opening.operator()
    from keyholder.services.commands import groups
    from keyholder.services.queries import groups as queries
    from keyholder.services.queries import lookups

    home = lookups.organization(by=caller, key=organization)
    people = [lookups.user(by=caller, email=email) for email in owners]
    made = groups.create(by=caller, organization=home, name=called, key=key, description=description)
    for person in people:
        groups.add_owner(by=caller, group=made, user=person)
    shown = queries.group(by=caller, of=made)
    _done(GroupName(organization, shown.key), "created", as_json=as_json)


@group.command("list")
@click.argument("organization", metavar="ORG")
@JSON
def list_(*, organization: str, as_json: bool) -> None:
    """List an organization's groups."""
    caller = opening.operator()
    from keyholder.services.queries import groups, lookups

    home, cursor, rows = lookups.organization(by=caller, key=organization), "", []
    while True:
        page = groups.groups(by=caller, organization=home, cursor=cursor)
        rows += [(groups.group(by=caller, of=row.group.id).key, row) for row in page.rows]
        cursor = page.next
        if not cursor:
            break
    if as_json:
        keys = [
            {
                "group": f"{organization}/{key}",
                "name": row.group.name,
                "people": row.counts.people,
                "places": [str(p.ref) for p in row.places],
            }
            for key, row in rows
        ]
        output.say_json(keys)
        return
    lines = [
        (f"{organization}/{key}", row.group.name, row.counts.people, ", ".join(str(p.ref) for p in row.places) or "-") for key, row in rows
    ]
    if lines:
        output.say_table(["group", "name", "people", "has access at"], lines)


@group.command()
@GROUP
@click.option("--all", "everybody", is_flag=True, help="Everybody in it, also through other groups.")
@JSON
def members(*, name: GroupName, everybody: bool, as_json: bool) -> None:
    """List who is in a group, and how."""
    caller = opening.operator()
    from keyholder.services.queries import group_members

    rows: list[Member] = []
    number, cursor = _number(caller, name), ""
    while True:
        page = group_members.members(by=caller, of=number, everybody=everybody, cursor=cursor)
        rows += page.rows
        cursor = page.next
        if not cursor:
            break
    found = [
        {
            row.principal.kind.value: row.principal.address or row.principal.name,
            "name": row.principal.name,
            "via": [step.name for step in row.via],
            "until": write_moment(row.window.ends_at) if row.window.ends_at else "",
        }
        for row in rows
    ]
    if as_json:
        output.say_json(found)
        return
    lines = [
        (
            row.principal.address or row.principal.name,
            row.principal.name,
            " > ".join(step.name for step in row.via) or "-",
            one["until"] or "-",
        )
        for row, one in zip(rows, found, strict=True)
    ]
    if lines:
        output.say_table(["member", "name", "via", "until"], lines)


@group.command()
@GROUP
@click.option("--name", "called", help="Its new name.")
@click.option("--description", help="What it is for, in other words.")
@JSON
def change(*, name: GroupName, called: str | None, description: str | None, as_json: bool) -> None:
    """Change a group's name or description."""
    caller = opening.operator()
    from keyholder.services.commands import groups

    groups.change(by=caller, group=_number(caller, name), name=called, description=description)
    _done(name, "changed", as_json=as_json)


@group.command()
@GROUP
@EMAILS
@UNTIL
@REASON
@JSON
def add(*, name: GroupName, emails: Sequence[str], until: "datetime | None", reason: str, as_json: bool) -> None:
    """Put people into a group. Who has no person here is invited, and the link printed, which is shown this once."""
    caller = opening.operator()
    from keyholder.domain.refusals import NotFound
    from keyholder.domain.windows import Window
    from keyholder.interfaces.http.links import invitation_link
    from keyholder.services.commands import group_members
    from keyholder.services.commands.group_welcoming import welcome
    from keyholder.services.queries import lookups

    number, window = _number(caller, name), Window(ends_at=until)
    people, strangers = [], []
    for email in emails:
        try:
            people.append(lookups.user(by=caller, email=email))
        except NotFound:
            strangers.append(email)
    invited = {}
    if strangers:
        random = [secrets.token_bytes(BYTES) for _email in strangers]
        done = welcome(by=caller, group=number, members=people, addresses=strangers, random=random, window=window, reason=reason)
        invited = {one.address: invitation_link(one.secret) for one in done.invited}
    else:
        group_members.add(by=caller, group=number, members=people, window=window, reason=reason)
    if as_json:
        output.say_json({"group": str(name), "added": [e for e in emails if e not in strangers], "invited": invited})
        return
    for email in emails:
        if email not in strangers:
            output.say(f"added: {email}")
    for address, link in invited.items():
        output.say(f"invited: {address} {link}".rstrip())


@group.command()
@GROUP
@EMAILS
@REASON
@JSON
def remove(*, name: GroupName, emails: Sequence[str], reason: str, as_json: bool) -> None:
    """Take people out of a group."""
    caller = opening.operator()
    from keyholder.services.commands import group_members
    from keyholder.services.queries import lookups

    people = [lookups.user(by=caller, email=email) for email in emails]
    group_members.remove(by=caller, group=_number(caller, name), members=people, reason=reason)
    _done(name, "removed", as_json=as_json)


@group.command()
@GROUP
@click.argument("into", metavar="ORG/KEY", type=GroupType())
@UNTIL
@JSON
def nest(*, name: GroupName, into: GroupName, until: "datetime | None", as_json: bool) -> None:
    """Put a group into another one; a cycle is refused with its path."""
    caller = opening.operator()
    from keyholder.domain.windows import Window
    from keyholder.services.commands import nesting

    nesting.nest(by=caller, group=_number(caller, name), into=_number(caller, into), window=Window(ends_at=until))
    _done(name, f"put into {into}", as_json=as_json)


@group.command()
@GROUP
@click.argument("out_of", metavar="ORG/KEY", type=GroupType())
@JSON
def unnest(*, name: GroupName, out_of: GroupName, as_json: bool) -> None:
    """Take a group out of another one."""
    caller = opening.operator()
    from keyholder.services.commands import nesting

    nesting.unnest(by=caller, group=_number(caller, name), out_of=_number(caller, out_of))
    _done(name, f"taken out of {out_of}", as_json=as_json)


@group.command()
@GROUP
@click.argument("email")
@click.option("--remove", "ends", is_flag=True, help="End it instead.")
@JSON
def owner(*, name: GroupName, email: str, ends: bool, as_json: bool) -> None:
    """Let somebody own a group: they decide who is in it, and so give what it has."""
    caller = opening.operator()
    from keyholder.services.commands import groups
    from keyholder.services.queries import lookups

    command = groups.remove_owner if ends else groups.add_owner
    command(by=caller, group=_number(caller, name), user=lookups.user(by=caller, email=email))
    _done(name, f"{email} owns it no more" if ends else f"{email} owns it", as_json=as_json)


@group.command()
@GROUP
@RESOURCE
@PERMISSION
@ROLE
@UNTIL
@REASON
@JSON
def grant(
    *, name: GroupName, resource: ResourceRef, permissions: Sequence[str], role: str, until: "datetime | None", reason: str, as_json: bool
) -> None:
    """Give everybody in a group permissions, or a role, at a resource and below it."""
    caller = opening.operator()
    from keyholder.domain.windows import Window
    from keyholder.services.commands import bindings
    from keyholder.services.queries import lookups

    place, window = lookups.resource(by=caller, ref=resource), Window(ends_at=until)
    bindings.grant(by=caller, to=[_number(caller, name)], on=place, permissions=permissions, role=role, window=window, reason=reason)
    _done(name, f"has access at {resource}", as_json=as_json)


@group.command()
@GROUP
@RESOURCE
@REASON
@JSON
def revoke(*, name: GroupName, resource: ResourceRef, reason: str, as_json: bool) -> None:
    """Take what a group was given at a resource away."""
    caller = opening.operator()
    from keyholder.services.commands import bindings
    from keyholder.services.queries import lookups

    bindings.revoke(by=caller, of=[_number(caller, name)], on=lookups.resource(by=caller, ref=resource), reason=reason)
    _done(name, f"has nothing of its own at {resource}", as_json=as_json)


@group.command()
@GROUP
@click.option("--dry-run", is_flag=True, help="Only say who would lose what.")
@REASON
@JSON
def delete(*, name: GroupName, dry_run: bool, reason: str, as_json: bool) -> None:
    """Delete a group with everything that hangs on it, and say who loses what."""
    caller = opening.operator()
    from keyholder.services.commands import group_deletion
    from keyholder.services.queries import group_deletion as previews

    number = _number(caller, name)
    losses = previews.preview(by=caller, group=number)
    if not dry_run:
        group_deletion.delete(by=caller, group=number, reason=reason)
    if as_json:
        lost = [{"name": one.name, "resource": one.resource_name, "lost": list(one.lost), "kept": list(one.kept)} for one in losses]
        output.say_json({"group": str(name), "done": "" if dry_run else "deleted", "losses": lost})
        return
    for one in losses:
        output.say(f"{one.name} loses {', '.join(one.lost)} at {one.resource_name}")
    if not dry_run:
        output.say(f"deleted: {name}")


def _number(caller: "Caller", name: GroupName) -> "PrincipalId":
    from keyholder.services.queries import lookups

    return lookups.group(by=caller, organization=name.organization, key=name.key)


def _done(name: GroupName, what: str, *, as_json: bool) -> None:
    if as_json:
        output.say_json({"group": str(name), "done": what})
    else:
        output.say(f"{what}: {name}")
