"""``invitation``: inviting people, and handling what was sent. The link is printed once, by whatever makes it."""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.moments import read_moment, write_moment
from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.asking import JSON, ReferenceType

if TYPE_CHECKING:
    from keyholder.services.queries.invitations import InvitationView

NUMBER = click.argument("number", type=int)
BYTES = 32
"""Of randomness for a link."""
NO_SLASH = "--group is ORG/KEY"


@click.group()
def invitation() -> None:
    """Invite people, list what is pending, send it again, make a new link, revoke, take over."""


@invitation.command()
@click.argument("emails", metavar="EMAIL...", nargs=-1, required=True)
@click.option("--resource", type=ReferenceType(), required=True, help="Where they are to have access.")
@click.option("--permission", "permissions", multiple=True, help="What they are to have there; may be repeated.")
@click.option("--role", default="", help="The role that they are to have there instead.")
@click.option("--group", "groups", multiple=True, help="ORG/KEY of a group that they are to be in; may be repeated.")
@click.option("--until", default="", help="When it is to end (RFC 3339); never where left out.")
@click.option("--message", default="", help="A few words that the invitation says.")
@click.option("--language", default="", help="The language of the letter.")
@JSON
def create(
    *,
    emails: Sequence[str],
    resource: ResourceRef,
    permissions: Sequence[str],
    role: str,
    groups: Sequence[str],
    until: str,
    message: str,
    language: str,
    as_json: bool,
) -> None:
    """Invite addresses to a resource and print the link of each, which is shown this once."""
    caller = opening.operator()
    from keyholder.domain.windows import Window
    from keyholder.services.commands.inviting import Wish, invite
    from keyholder.services.queries import lookups

    if any("/" not in group for group in groups):
        raise click.UsageError(NO_SLASH)
    numbers = [lookups.group(by=caller, organization=group.partition("/")[0], key=group.partition("/")[2]) for group in groups]
    wish = Wish(permissions, role, numbers, Window(ends_at=read_moment(until) if until else None), message, language)
    place = lookups.resource(by=caller, ref=resource)
    sent = invite(by=caller, at=place, addresses=emails, random=[secrets.token_bytes(BYTES) for _ in emails], wish=wish)
    if not (permissions or role or groups):
        output.complain("note: this gives no permissions yet")
    rows = [
        {"invitation": one.invitation, "user": one.address, "done": one.outcome.value, "mailed": one.is_mailed, "link": _link(one.secret)}
        for one in sent
    ]
    if as_json:
        output.say_json(rows)
        return
    for one in sent:
        output.say(f"{one.outcome.value.replace('_', ' ')}: {one.address} ({one.invitation}) {_link(one.secret)}".rstrip())


@invitation.command("list")
@JSON
def list_(*, as_json: bool) -> None:
    """List every pending and expired invitation."""
    caller = opening.operator()
    from keyholder.services.queries.invitations import every

    found = every(by=caller)
    if as_json:
        output.say_json(
            [
                {
                    "invitation": one.id,
                    "user": one.address,
                    "resource": str(one.account.ref),
                    "state": one.standing.value,
                    "expires": write_moment(one.expires_at),
                    "invited_by": one.inviter.address if one.inviter else "",
                    "letter": one.letter.value if one.letter else "",
                }
                for one in found
            ]
        )
        return
    columns = ("number", "who", "where", "state", "expires", "by")
    rows = [(one.id, one.address, one.account.ref, one.standing.value, write_moment(one.expires_at), _inviter(one)) for one in found]
    if rows:
        output.say_table(columns, rows)


@invitation.command()
@NUMBER
@JSON
def resend(*, number: int, as_json: bool) -> None:
    """Send an invitation again: new days, a new link, every older one dead."""
    caller = opening.operator()
    from keyholder.services.commands import invitations

    renewed = invitations.send_again(by=caller, invitation=number, random=secrets.token_bytes(BYTES))
    _renewed("sent again", number, renewed.address, renewed.secret, mailed=renewed.is_mailed, as_json=as_json)


@invitation.command()
@NUMBER
@JSON
def link(*, number: int, as_json: bool) -> None:
    """Make a new link for an invitation, to be handed over by hand; every older one is dead."""
    caller = opening.operator()
    from keyholder.services.commands import invitations

    renewed = invitations.new_link(by=caller, invitation=number, random=secrets.token_bytes(BYTES))
    _renewed("new link", number, renewed.address, renewed.secret, mailed=False, as_json=as_json)


@invitation.command()
@NUMBER
@click.option("--reason", default="", help="Why; the log keeps it.")
@JSON
def revoke(*, number: int, reason: str, as_json: bool) -> None:
    """Revoke an invitation: its links are dead at once."""
    caller = opening.operator()
    from keyholder.services.commands import invitations

    invitations.revoke(by=caller, invitation=number, reason=reason)
    if as_json:
        output.say_json({"invitation": number, "done": "revoked"})
    else:
        output.say(f"revoked: {number}")


@invitation.command("take-over")
@NUMBER
@JSON
def take_over(*, number: int, as_json: bool) -> None:
    """Give in their place what those who planned an invitation can't give any more; its link stays good."""
    caller = opening.operator()
    from keyholder.services.commands import invitations

    taken = invitations.take_over(by=caller, invitation=number)
    if as_json:
        output.say_json({"invitation": number, "done": "taken over", "given": taken})
    else:
        output.say(f"taken over: {number} ({taken})")


def _inviter(one: "InvitationView") -> str:
    """Return who invited, for a table: a dash for the operator, and for somebody who is gone."""
    return "-" if one.inviter is None else one.inviter.shown or "-"


def _renewed(what: str, number: int, address: str, secret: str, *, mailed: bool, as_json: bool) -> None:
    if as_json:
        output.say_json({"invitation": number, "user": address, "done": what, "mailed": mailed, "link": _link(secret)})
    else:
        output.say(f"{what}: {address} ({number}) {_link(secret)}".rstrip())


def _link(secret: str) -> str:
    from keyholder.interfaces.http.links import invitation_link

    return invitation_link(secret)
