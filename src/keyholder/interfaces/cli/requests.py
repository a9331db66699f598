"""``request``: requests for access, as the operator lists and decides them (R111)."""

from secrets import token_bytes

import click

from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.asking import JSON

NUMBER = click.argument("number", type=click.IntRange(min=1))
ANSWER = click.option("--reason", default="", help="What who asked is told; the log keeps it.")
COLUMNS = ("number", "who", "where", "asks for", "days", "signed in", "proven", "reason")


@click.group()
def request() -> None:
    """List the open requests for access, approve them, refuse them."""


@request.command(name="list")
@JSON
def list_(*, as_json: bool) -> None:
    """List the open requests, the oldest first."""
    caller = opening.operator()
    from keyholder.domain.moments import write_moment
    from keyholder.services.queries.requests import to_decide

    found = to_decide(by=caller)
    if as_json:
        for each in found:
            output.say_json(
                {
                    "number": each.number,
                    "user": each.address,
                    "resource": str(each.resource.ref),
                    "permissions": list(each.permissions.shown) if not each.role else [],
                    "role": each.role,
                    "days": each.days,
                    "reason": each.reason,
                    "signed_in": each.signed_in,
                    "proven": each.proven,
                    "asked_at": write_moment(each.asked_at),
                }
            )
        return
    output.say_table(
        COLUMNS,
        (
            (
                each.number,
                each.address,
                each.resource.ref,
                each.role or ", ".join(each.permissions.shown) or "-",
                each.days or "-",
                "yes" if each.signed_in else "no",
                "yes" if each.proven else "no",
                each.reason,
            )
            for each in found
        ),
    )


@request.command()
@NUMBER
@click.option("--permission", "permissions", multiple=True, help="Give this; may be repeated. Left out, what was asked for.")
@click.option("--role", default="", help="Give this role instead.")
@click.option("--days", type=click.IntRange(min=1), default=None, help="For so many days. Left out, as long as was asked for.")
@ANSWER
@JSON
def approve(*, number: int, permissions: tuple[str, ...], role: str, days: int | None, reason: str, as_json: bool) -> None:
    """Approve a request: as asked, or with less, or for a while. Who is not known here is invited, and the link printed."""
    caller = opening.operator()
    from datetime import timedelta

    from keyholder.domain.windows import Window
    from keyholder.interfaces.http.links import invitation_link
    from keyholder.services import proofs
    from keyholder.services.commands import requests
    from keyholder.services.queries.requests import request as one

    asked = one(by=caller, number=number)
    is_named = bool(permissions or role)
    span = days or asked.days
    invited = requests.approve(
        by=caller,
        request=number,
        permissions=permissions if is_named or asked.role else asked.permissions.shown,
        role=role if is_named else asked.role,
        window=Window(ends_at=caller.at + timedelta(days=span)) if span else Window(),
        answer=reason,
        random=token_bytes(proofs.COPIED_BYTES),
    )
    _done(number, "approved", as_json=as_json, link=invitation_link(invited.secret) if invited and invited.secret else "")


@request.command()
@NUMBER
@ANSWER
@JSON
def refuse(*, number: int, reason: str, as_json: bool) -> None:
    """Refuse a request."""
    caller = opening.operator()
    from keyholder.services.commands import requests

    requests.refuse(by=caller, request=number, answer=reason)
    _done(number, "refused", as_json=as_json)


def _done(number: int, what: str, *, as_json: bool, link: str = "") -> None:
    if as_json:
        output.say_json({"request": number, "done": what, **({"link": link} if link else {})})
    else:
        output.say(f"{what}: {number} {link}".rstrip())
