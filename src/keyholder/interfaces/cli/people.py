"""``user``: people, as the operator makes and suspends them."""

import secrets
import sys

import click

from keyholder.interfaces.cli import opening, output

EMAIL = click.argument("email")
REASON = click.option("--reason", default="", help="Why; the log keeps it.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
NO_PASSWORD = "no password came in: one line of standard input is the password"  # noqa: S105 - a message, not a password


@click.group()
def user() -> None:
    """Create people, suspend them everywhere, make them active again, delete them; passwords and second factors."""


@user.command()
@EMAIL
@click.option("--name", default="", help="What people call them; the address where left out.")
@click.option("--operator", is_flag=True, help="Make them an operator of this instance.")
@JSON
def create(*, email: str, name: str, operator: bool, as_json: bool) -> None:
    """Create a person of an address."""
    caller = opening.operator()
    from keyholder.services.commands import people

    people.create_user(by=caller, email=email, name=name, operator=operator)
    _done(email, "created", as_json=as_json)


@user.command()
@EMAIL
@REASON
@JSON
def suspend(*, email: str, reason: str, as_json: bool) -> None:
    """Suspend a person everywhere: nothing is effective from now on, sessions end, nothing is deleted."""
    caller = opening.operator()
    from keyholder.services.commands import people
    from keyholder.services.queries import lookups

    people.suspend(by=caller, user=lookups.user(by=caller, email=email), reason=reason)
    _done(email, "suspended", as_json=as_json)


@user.command()
@EMAIL
@REASON
@JSON
def activate(*, email: str, reason: str, as_json: bool) -> None:
    """Make a suspended person active again."""
    caller = opening.operator()
    from keyholder.services.commands import people
    from keyholder.services.queries import lookups

    people.activate(by=caller, user=lookups.user(by=caller, email=email), reason=reason)
    _done(email, "activated", as_json=as_json)


@user.command()
@EMAIL
@click.option("--dry-run", is_flag=True, help="Say what would go, and delete nothing.")
@REASON
@JSON
def delete(*, email: str, dry_run: bool, reason: str, as_json: bool) -> None:
    """Delete a person with everything that is theirs, and say what that is. The log keeps the name, the address is free."""
    caller = opening.operator()
    from keyholder.services.commands import person_deletion
    from keyholder.services.queries import lookups
    from keyholder.services.queries import person_deletion as previews

    person = lookups.user(by=caller, email=email)
    found = previews.preview(by=caller, user=person)
    if not dry_run:
        person_deletion.delete(by=caller, user=person, reason=reason)
    gone = {
        "accounts": [str(account.ref) for account in found.accounts],
        "groups": [group.name for group in found.groups],
        "owned groups": [group.name for group in found.owned],
        "organizations": [home.key for home in found.organizations],
        "open requests": found.requests,
        "invitations to them": found.invited,
        "invitations they sent": found.sent,
        "personal assets": found.assets,
    }
    against = [str(refusal.sentence) for refusal in found.refusals]
    if as_json:
        output.say_json({"user": email, "done": "" if dry_run else "deleted", "gone": gone, "against": against})
        return
    for what, which in gone.items():
        if which:
            output.say(f"{what}: {', '.join(which) if isinstance(which, list) else which}")
    for line in against:
        output.say(f"refused: {line}")
    if not dry_run:
        output.say(f"deleted: {email}")


@user.command()
@EMAIL
@JSON
def password(*, email: str, as_json: bool) -> None:
    """Set a person's password and end their sessions.

    Asks for it twice at a terminal; else it is one line of standard input. It is never an argument, which others could see.
    """
    caller = opening.operator()
    from keyholder.services.commands import people
    from keyholder.services.queries import lookups

    person = lookups.user(by=caller, email=email)
    people.set_password(by=caller, user=person, password=_secret())
    _done(email, "password set", as_json=as_json)


@user.command("reset-link")
@EMAIL
@JSON
def reset_link(*, email: str, as_json: bool) -> None:
    """Make a link with which a person chooses a new password, and print it: once, for 24 hours. A second factor stays."""
    caller = opening.operator()
    from django.conf import settings
    from django.urls import reverse

    from keyholder.services.commands import resets
    from keyholder.services.proofs import COPIED_BYTES
    from keyholder.services.queries import lookups

    person = lookups.user(by=caller, email=email)
    secret = resets.copy_link(by=caller, user=person, random=secrets.token_bytes(COPIED_BYTES))
    link = f"{settings.PUBLIC_URL}{reverse('console:reset-open', args=[secret])}"
    if as_json:
        output.say_json({"user": email, "link": link})
    else:
        output.say(link)


@user.command("remove-factors")
@EMAIL
@REASON
@JSON
def remove_factors(*, email: str, reason: str, as_json: bool) -> None:
    """Remove every second factor of a person who lost theirs, with the recovery codes; sessions end, a letter tells them."""
    caller = opening.operator()
    from keyholder.services.commands import lost_factors
    from keyholder.services.queries import lookups

    lost_factors.remove(by=caller, user=lookups.user(by=caller, email=email), reason=reason)
    _done(email, "second factors removed", as_json=as_json)


def _secret() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise click.UsageError(NO_PASSWORD)
    return given


def _done(email: str, what: str, *, as_json: bool) -> None:
    if as_json:
        output.say_json({"user": email, "done": what})
    else:
        output.say(f"{what}: {email}")
