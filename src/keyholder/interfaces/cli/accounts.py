"""``account``: making one for its first administrator, who is here already or is invited; the link is printed once."""

import secrets

import click

from keyholder.domain.identifiers import ResourceRef
from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.asking import JSON, ReferenceType

BYTES = 32
"""Of randomness for a link."""


@click.group()
def account() -> None:
    """Make accounts, and what stands above them, for whoever is to administer them."""


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
