"""``account``: making one for its first administrator, and what is switched, assigned and handed over at one. A link is printed once."""

import secrets

import click

from keyholder.domain.identifiers import ResourceRef
from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.asking import JSON, ReferenceType

BYTES = 32
"""Of randomness for a link."""


@click.group()
def account() -> None:
    """Make accounts for whoever is to administer them; delegate, assign, hand over."""


@account.command()
@click.argument("resource", metavar="TYPE:ID", type=ReferenceType())
@click.option("--administrator", required=True, metavar="EMAIL", help="Who administers it first; invited where nobody has that address.")
@click.option("--name", default="", help="What people call it; the id where left out.")
@click.option("--below", type=ReferenceType(), help="What it stands below: a hosted account's host.")
@click.option("--unmanaged", is_flag=True, help="The host manages it only until its administrator is there.")
@click.option("--language", default="", help="The language of the letter.")
@JSON
def create(
    *, resource: ResourceRef, administrator: str, name: str, below: ResourceRef | None, unmanaged: bool, language: str, as_json: bool
) -> None:
    """Make an account, and print the link of its administrator's invitation where they had to be invited."""
    caller = opening.operator()
    from keyholder.interfaces.http.links import invitation_link
    from keyholder.services.commands.founding import found
    from keyholder.services.commands.resources import NewResource
    from keyholder.services.queries import lookups

    parent = lookups.resource(by=caller, ref=below) if below is not None else None
    new = NewResource(resource, name or resource.key, parent, not unmanaged)
    random = secrets.token_bytes(BYTES)
    made = found(by=caller, new=new, administrator=administrator, random=random, language=language)
    sent = made.invited
    link = invitation_link(sent.secret) if sent is not None else ""
    if as_json:
        output.say_json(
            {
                "resource": str(resource),
                "administrator": administrator,
                "done": "created" if sent is None else "invited",
                "invitation": sent.invitation if sent is not None else None,
                "mailed": sent is not None and sent.is_mailed,
                "link": link,
            }
        )
    elif sent is None:
        output.say(f"created: {resource}, administered by {administrator}")
    else:
        output.say(f"created: {resource}, awaits {sent.address} ({sent.invitation}) {link}".rstrip())


@account.command()
@click.argument("resource", metavar="TYPE:ID", type=ReferenceType())
@click.argument("switch", type=click.Choice(["on", "off"]))
@JSON
def delegation(*, resource: ResourceRef, switch: str, as_json: bool) -> None:
    """Let an account's host manage it, or end that: from then on nobody of the host sees it."""
    caller = opening.operator()
    from keyholder.services.commands import resources
    from keyholder.services.queries import lookups

    resources.delegate(by=caller, account=lookups.resource(by=caller, ref=resource), managed=switch == "on")
    _said(resource, f"delegation {switch}", as_json=as_json)


@account.command()
@click.argument("resource", metavar="TYPE:ID", type=ReferenceType())
@click.argument("email", metavar="EMAIL")
@click.option("--take", is_flag=True, help="Take it from them again.")
@JSON
def assign(*, resource: ResourceRef, email: str, take: bool, as_json: bool) -> None:
    """Assign one thing of an account (a gateway's pixel) to a person: it counts only while they have the role beside which it does."""
    caller = opening.operator()
    from keyholder.services.commands import assignments
    from keyholder.services.queries import lookups

    at, person = lookups.resource(by=caller, ref=resource), lookups.user(by=caller, email=email)
    pair = [(person, at)]
    assignments.assign(by=caller, at=at, give_to=() if take else pair, take_from=pair if take else ())
    _said(resource, f"taken from {email}" if take else f"assigned to {email}", as_json=as_json)


@account.command("hand-over")
@click.argument("resource", metavar="TYPE:ID", type=ReferenceType())
@click.argument("email", metavar="EMAIL")
@click.option("--in-place-of", "leaving", metavar="EMAIL", help="An owner, who steps down in the moment in which it is accepted.")
@click.option("--language", default="", help="The language of the letter.")
@JSON
def hand_over(*, resource: ResourceRef, email: str, leaving: str | None, language: str, as_json: bool) -> None:
    """Invite somebody to own a resource, and print the link: nothing is theirs until they accept it."""
    caller = opening.operator()
    from keyholder.interfaces.http.links import invitation_link
    from keyholder.services.commands import ownership
    from keyholder.services.queries import lookups

    at = lookups.resource(by=caller, ref=resource)
    leaver = lookups.user(by=caller, email=leaving) if leaving else None
    random = secrets.token_bytes(BYTES)
    sent = ownership.hand_over(by=caller, at=at, address=email, random=random, language=language, in_place_of=leaver)
    link = invitation_link(sent.secret) if sent.secret else ""
    if as_json:
        output.say_json({"resource": str(resource), "invited": sent.address, "mailed": sent.is_mailed, "link": link})
    else:
        output.say(f"invited: {sent.address} to own {resource} ({sent.invitation}) {link}".rstrip())


def _said(resource: ResourceRef, done: str, *, as_json: bool) -> None:
    if as_json:
        output.say_json({"resource": str(resource), "done": done})
    else:
        output.say(f"{resource}: {done}")
