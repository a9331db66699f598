"""``organization``: organizations, who leads them, their accounts and their people, as the console has them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.moments import write_moment
from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.asking import JSON, ReferenceType

if TYPE_CHECKING:
    from keyholder.domain.identifiers import OrganizationId, PrincipalId
    from keyholder.services.caller import Caller
    from keyholder.services.queries.link_outsiders import LinkOutsiders

KEY = click.argument("key", metavar="ORG")
EMAIL = click.argument("email")
ACCOUNT = click.argument("account", metavar="TYPE:ID", type=ReferenceType())
NUMBER = click.argument("number", type=int)
REASON = click.option("--reason", default="", help="Why; the log keeps it.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Only say what would go.")
OUTSIDE = click.option("--dry-run", is_flag=True, help="Only say who would be outside the organization's user policy.")


@click.group()
def organization() -> None:
    """Make organizations, appoint who leads them, link accounts, look after their people."""


@organization.command()
@click.argument("called", metavar="NAME")
@click.option("--key", default="", help="Its id; made of the name where left out.")
@click.option("--admin", "admins", multiple=True, required=True, help="Address of a first admin; may be repeated.")
@JSON
def create(*, called: str, key: str, admins: Sequence[str], as_json: bool) -> None:
    """Make an organization with its first admins."""
    caller = opening.operator()
    from keyholder.services.commands import organizations
    from keyholder.services.queries import organizations as queries

    people = [person_of(caller, email) for email in admins]
    made = organizations.create(by=caller, name=called, key=key, admins=people)
    done(queries.organization(by=caller, of=made).organization.key, "created", as_json=as_json)


@organization.command("list")
@JSON
def list_(*, as_json: bool) -> None:
    """List all organizations."""
    caller = opening.operator()
    from keyholder.services.queries import organizations

    found = organizations.organizations(by=caller)
    if as_json:
        output.say_json([{"organization": home.key, "name": home.name} for home in found])
    elif found:
        output.say_table(["organization", "name"], [(home.key, home.name) for home in found])


@organization.command()
@KEY
@JSON
def show(*, key: str, as_json: bool) -> None:
    """Show who leads an organization and which accounts are linked to it."""
    caller = opening.operator()
    from keyholder.services.queries import organizations

    page = organizations.organization(by=caller, of=number_of(caller, key))
    leaders = [{"user": one.person.address, "role": one.role.value} for one in page.leaders]
    accounts = [str(one.resource.ref) for one in page.accounts]
    if as_json:
        output.say_json(
            {
                "organization": key,
                "name": page.organization.name,
                "policy": page.policy.mode.value,
                "leaders": leaders,
                "accounts": accounts,
                "groups": page.groups,
            }
        )
        return
    output.say(f"{page.organization.name} ({key}), policy {page.policy.mode.value}, groups {page.groups}")
    for one in leaders:
        output.say(f"{one['role'].replace('_', ' ')}: {one['user']}")
    for account in accounts:
        output.say(f"account: {account}")


@organization.command()
@KEY
@click.argument("called", metavar="NAME")
@JSON
def rename(*, key: str, called: str, as_json: bool) -> None:
    """Give an organization another name; its id stays."""
    caller = opening.operator()
    from keyholder.services.commands import organizations

    organizations.change(by=caller, organization=number_of(caller, key), name=called)
    done(key, "renamed", as_json=as_json)


@organization.command()
@KEY
@ACCOUNT
@OUTSIDE
@REASON
@JSON
def link(*, key: str, account: ResourceRef, dry_run: bool, reason: str, as_json: bool) -> None:
    """Link an account to an organization, for both sides, and say who is outside its user policy there."""
    caller = opening.operator()
    from keyholder.services.commands import organization_links
    from keyholder.services.queries import link_outsiders, lookups

    place, home = lookups.resource(by=caller, ref=account), number_of(caller, key)
    found = link_outsiders.of_link(by=caller, account=place, organization=home)
    if not dry_run:
        organization_links.link_account(by=caller, organization=home, account=place, reason=reason)
    _say_outside(found, {"organization": key, "done": "" if dry_run else f"linked {account}"}, as_json=as_json)


@organization.command()
@ACCOUNT
@DRY_RUN
@REASON
@JSON
def unlink(*, account: ResourceRef, dry_run: bool, reason: str, as_json: bool) -> None:
    """Unlink an account from its organization, and say which groups lose their access there."""
    caller = opening.operator()
    from keyholder.services.commands import organization_links
    from keyholder.services.queries import lookups, unlinking

    place = lookups.resource(by=caller, ref=account)
    found = unlinking.preview(by=caller, account=place)
    if not dry_run:
        organization_links.unlink_account(by=caller, account=place, shown=[one.binding for one in found.bindings], reason=reason)
    lost = [{"group": one.group_name, "resource": one.resource_name} for one in found.bindings]
    if as_json:
        output.say_json({"account": str(account), "done": "" if dry_run else "unlinked", "groups": lost})
        return
    for one in lost:
        output.say(f"the group {one['group']} loses its access at {one['resource']}")
    if not dry_run:
        output.say(f"unlinked: {account}")


@organization.command()
@KEY
@ACCOUNT
@REASON
@JSON
def ask(*, key: str, account: ResourceRef, reason: str, as_json: bool) -> None:
    """Ask those who manage an account, for an organization, to agree to a link."""
    caller = opening.operator()
    from keyholder.services.commands import link_requests

    link_requests.ask_account(by=caller, organization=number_of(caller, key), account=account, reason=reason)
    done(key, f"asked for {account}", as_json=as_json)


@organization.command()
@JSON
def requests(*, as_json: bool) -> None:
    """List the links that one side has asked for and the other has not answered."""
    caller = opening.operator()
    from keyholder.services.queries import link_requests

    found = link_requests.requests(by=caller).own
    rows = [
        {
            "request": one.number,
            "account": str(one.account.ref) if one.account else one.asked,
            "organization": one.organization.key if one.organization else one.asked,
            "asked_by": one.asker.address if one.asker else "",
            "at": write_moment(one.asked_at),
        }
        for one in found
    ]
    if as_json:
        output.say_json(rows)
    elif rows:
        output.say_table(["request", "account", "organization", "asked by", "at"], [tuple(row.values()) for row in rows])


@organization.command()
@NUMBER
@OUTSIDE
@JSON
def accept(*, number: int, dry_run: bool, as_json: bool) -> None:
    """Agree, for the other side, to a link that was asked for, and say who is outside the user policy there."""
    caller = opening.operator()
    from keyholder.services.commands import link_requests
    from keyholder.services.queries import link_outsiders

    found = link_outsiders.of_request(by=caller, request=number)
    if not dry_run:
        link_requests.accept(by=caller, request=number)
    _say_outside(found, {"request": number, "done": "" if dry_run else "accepted"}, as_json=as_json)


@organization.command()
@NUMBER
@REASON
@JSON
def refuse(*, number: int, reason: str, as_json: bool) -> None:
    """Refuse, for the other side, a link that was asked for."""
    caller = opening.operator()
    from keyholder.services.commands import link_requests

    link_requests.refuse(by=caller, request=number, reason=reason)
    if as_json:
        output.say_json({"request": number, "done": "refused"})
    else:
        output.say(f"refused: {number}")


def number_of(caller: "Caller", key: str) -> "OrganizationId":
    """Find an organization by its id."""
    from keyholder.services.queries import lookups

    return lookups.organization(by=caller, key=key)


def person_of(caller: "Caller", email: str) -> "PrincipalId":
    """Find a person by address."""
    from keyholder.services.queries import lookups

    return lookups.user(by=caller, email=email)


def done(key: str, what: str, *, as_json: bool) -> None:
    """Say what was done."""
    if as_json:
        output.say_json({"organization": key, "done": what})
    else:
        output.say(f"{what}: {key}")


def _say_outside(found: "LinkOutsiders", told: dict[str, object], *, as_json: bool) -> None:
    """Say who is outside the policy with a link, then what was done, if anything was."""
    if as_json:
        people = [{"user": one.email, "why": str(one.why)} for one in found.people]
        output.say_json({**told, "outside": people, "invitations_outside": list(found.invitations)})
        return
    for one in found.people:
        output.say(f"outside the policy: {one.email}: {one.why}")
    for address in found.invitations:
        output.say(f"outside the policy: the invitation of {address}")
    about, what = told.values()
    if what:
        output.say(f"{what}: {about}")
