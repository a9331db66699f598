"""``organization``, how people come into it: from where, and through which sign-in provider. Beside ``organization_people``."""

import click

from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.asking import JSON
from keyholder.interfaces.cli.organization_people import organization
from keyholder.interfaces.cli.organizations import KEY

__all__ = ["organization"]


@organization.command()
@KEY
@click.argument("source", type=click.Choice(["open", "directory"]))
@JSON
def source(*, key: str, source: str, as_json: bool) -> None:
    """Take people from anywhere (open), or only those of the directory or a sign-in provider (directory)."""
    caller = opening.operator()
    from keyholder.domain.state import IdentitySource
    from keyholder.services.commands import organizations
    from keyholder.services.queries import lookups

    found = lookups.organization(by=caller, key=key)
    organizations.change(by=caller, organization=found, identity_source=IdentitySource(source))
    _done(key, "identity_source", source, as_json=as_json)


@organization.command("sign-in")
@KEY
@click.option("--provider", default="", help="The key of the provider through which people come in; without it they come in any way.")
@JSON
def sign_in(*, key: str, provider: str, as_json: bool) -> None:
    """Let people to an organization's pages only through one provider, or by whatever way they sign in."""
    caller = opening.operator()
    from keyholder.services.commands import provider_rules
    from keyholder.services.queries import lookups

    provider_rules.choose(by=caller, organization=lookups.organization(by=caller, key=key), provider=provider)
    _done(key, "provider", provider or "any", as_json=as_json)


def _done(key: str, what: str, value: str, *, as_json: bool) -> None:
    if as_json:
        output.say_json({"organization": key, what: value})
    else:
        output.say(f"{key}: {what} {value}")
