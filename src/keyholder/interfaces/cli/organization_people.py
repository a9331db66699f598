"""``organization``, its people: who leads it, who is suspended within it, who is removed, what is noted. Beside ``organizations``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.moments import write_moment
from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.asking import JSON, ReferenceType
from keyholder.interfaces.cli.organizations import DRY_RUN, EMAIL, KEY, REASON, done, number_of, organization, person_of

if TYPE_CHECKING:
    from keyholder.services.queries.organization_people import PersonRow

__all__ = ["organization"]


@organization.command()
@KEY
@JSON
def people(*, key: str, as_json: bool) -> None:
    """List everybody who has access, a group or a role in an organization."""
    caller = opening.operator()
    from keyholder.services.queries import organization_people

    rows: list[PersonRow] = []
    home, cursor = number_of(caller, key), ""
    while True:
        page = organization_people.people(by=caller, of=home, cursor=cursor)
        rows += page.rows
        cursor = page.next
        if not cursor:
            break
    found = [
        {
            "user": row.person.address,
            "name": row.person.name,
            "role": row.role.value if row.role else "",
            "marks": sorted(badge.value for badge in row.badges),
        }
        for row in rows
    ]
    if as_json:
        output.say_json(found)
    elif found:
        lines = [(one["user"], one["name"], one["role"] or "-", ", ".join(map(str, one["marks"])) or "-") for one in found]
        output.say_table(["user", "name", "role", "marks"], lines)


@organization.command()
@KEY
@EMAIL
@click.option("--role", type=click.Choice(["admin", "user_admin"]), default="user_admin", show_default=True, help="What they become.")
@JSON
def appoint(*, key: str, email: str, role: str, as_json: bool) -> None:
    """Make somebody an admin or a user admin of an organization."""
    caller = opening.operator()
    from keyholder.domain.principals import OrganizationRole
    from keyholder.services.commands import organization_roles

    organization_roles.appoint(by=caller, organization=number_of(caller, key), user=person_of(caller, email), role=OrganizationRole(role))
    done(key, f"{email} is {role.replace('_', ' ')}", as_json=as_json)


@organization.command()
@KEY
@EMAIL
@REASON
@JSON
def dismiss(*, key: str, email: str, reason: str, as_json: bool) -> None:
    """End somebody's role in an organization; the last admin stays."""
    caller = opening.operator()
    from keyholder.services.commands import organization_roles

    organization_roles.dismiss(by=caller, organization=number_of(caller, key), user=person_of(caller, email), reason=reason)
    done(key, f"{email} has no role", as_json=as_json)


@organization.command()
@KEY
@EMAIL
@REASON
@JSON
def suspend(*, key: str, email: str, reason: str, as_json: bool) -> None:
    """Suspend somebody within an organization: their sessions end, other organizations are untouched, nothing is deleted."""
    caller = opening.operator()
    from keyholder.services.commands import organization_roles

    organization_roles.suspend_person(by=caller, organization=number_of(caller, key), user=person_of(caller, email), reason=reason)
    done(key, f"{email} is suspended", as_json=as_json)


@organization.command()
@KEY
@EMAIL
@REASON
@JSON
def activate(*, key: str, email: str, reason: str, as_json: bool) -> None:
    """Make somebody active again within an organization."""
    caller = opening.operator()
    from keyholder.services.commands import organization_roles

    organization_roles.activate_person(by=caller, organization=number_of(caller, key), user=person_of(caller, email), reason=reason)
    done(key, f"{email} is active", as_json=as_json)


@organization.command()
@KEY
@EMAIL
@click.option("--account", "accounts", type=ReferenceType(), multiple=True, help="From this account only; may be repeated.")
@DRY_RUN
@REASON
@JSON
def remove(*, key: str, email: str, accounts: Sequence[ResourceRef], dry_run: bool, reason: str, as_json: bool) -> None:
    """Remove somebody from a whole organization, or from some of its accounts, and say what goes."""
    caller = opening.operator()
    from keyholder.services.commands import organization_removal
    from keyholder.services.queries import lookups
    from keyholder.services.queries import organization_removal as previews

    home, person = number_of(caller, key), person_of(caller, email)
    chosen = [lookups.resource(by=caller, ref=account) for account in accounts] or None
    found = previews.preview(by=caller, organization=home, user=person)
    concerned = [one for one in found.accounts if chosen is None or one.account.id in chosen]
    if not dry_run:
        organization_removal.remove(by=caller, organization=home, user=person, accounts=chosen, reason=reason)
    groups = [group.name for group in found.groups] if chosen is None else []
    if as_json:
        lost = [str(one.account.ref) for one in concerned]
        output.say_json({"organization": key, "user": email, "done": "" if dry_run else "removed", "accounts": lost, "groups": groups})
        return
    for one in concerned:
        output.say(f"from {one.account.ref}: {one.account.name}")
    for name in groups:
        output.say(f"from the group {name}")
    if not dry_run:
        output.say(f"removed: {email}")


@organization.command()
@KEY
@EMAIL
@click.argument("text", required=False, default="")
@click.option("--remove", "number", type=int, help="Remove the note of this number for good.")
@JSON
def note(*, key: str, email: str, text: str, number: int | None, as_json: bool) -> None:
    """Note something about a person for an organization's admins; without a text list what is noted."""
    caller = opening.operator()
    from keyholder.services.commands import organization_notes
    from keyholder.services.queries import organization_notes as queries

    home, person = number_of(caller, key), person_of(caller, email)
    if number is not None:
        organization_notes.remove(by=caller, organization=home, note=number)
        done(key, f"removed note {number}", as_json=as_json)
        return
    if text:
        organization_notes.add(by=caller, organization=home, user=person, text=text)
        done(key, "noted", as_json=as_json)
        return
    found = queries.notes(by=caller, of=home, about=person)
    if as_json:
        output.say_json(
            [{"note": one.number, "text": one.text, "written_by": one.writer, "at": write_moment(one.written_at)} for one in found]
        )
    for one in found if not as_json else ():
        output.say(f"{one.number} {write_moment(one.written_at)} {one.writer}: {one.text}")
