"""``mail``: sending the letters of the outbox apart from the server, and what became of them."""

import signal
from threading import Event

import click

from keyholder.interfaces.cli import opening, output

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
NUMBERS = click.argument("letters", nargs=-1, type=click.IntRange(1), metavar="[NUMBER]...")
EVERY = click.option("--dead", is_flag=True, help="All that were given up.")
WHICH = "name letters by their numbers, or --dead"
STATES = ("waiting", "sent", "dead", "withdrawn")


@click.group()
def mail() -> None:
    """Send the letters of the outbox, and see what became of them."""


@mail.command()
@click.option("--once", is_flag=True, help="Send what is due now, then end.")
def run(*, once: bool) -> None:
    """Send letters until it is stopped; `keyholder serve` does so too.

    Any number of these are safe beside each other.
    """
    opening.operator()
    from keyholder.interfaces.jobs import sending
    from keyholder.interfaces.jobs.sending import Sent
    from keyholder.interfaces.jobs.worker import Worker

    if once:
        became = list(sending.send_due())
        output.say(f"sent: {became.count(Sent.TAKEN)}, not sent: {len(became) - became.count(Sent.TAKEN)}")
        return
    ended = Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: ended.set())
    worker = Worker()
    worker.start()
    print("Keyholder sends letters", flush=True)
    ended.wait()
    worker.stop()


@mail.command(name="list")
@click.option("--state", type=click.Choice(STATES), help="Only letters in this state.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 200), help="How many at most, the newest first.")
@JSON
def list_(*, state: str | None, limit: int, as_json: bool) -> None:
    """List letters, the newest first, with what the mail server said last."""
    caller = opening.operator()
    from keyholder.domain.letters import LetterState
    from keyholder.domain.moments import write_moment
    from keyholder.services.queries import outbox

    found = outbox.outbox(by=caller, state=LetterState(state) if state else None, size=limit)
    rows = [
        {
            "letter": each.number,
            "kind": each.kind.value,
            "recipient": each.recipient,
            "state": each.state.value,
            "attempts": each.attempts,
            "posted": write_moment(each.posted_at),
            "error": each.error,
        }
        for each in found.letters
    ]
    if as_json:
        output.say_json({"counts": {state.value: count for state, count in found.counts.items()}, "letters": rows})
    else:
        output.say_table(list(rows[0]) if rows else ["letter"], [tuple(row.values()) for row in rows])


@mail.command()
@NUMBERS
@EVERY
@JSON
def retry(*, letters: tuple[int, ...], dead: bool, as_json: bool) -> None:
    """Have letters sent anew that were given up, or at once that wait."""
    caller = opening.operator()
    from keyholder.services.commands import outbox

    _done("retried", outbox.retry(by=caller, letters=_which(letters, dead=dead)), as_json=as_json)


@mail.command()
@NUMBERS
@EVERY
@JSON
def discard(*, letters: tuple[int, ...], dead: bool, as_json: bool) -> None:
    """Withdraw letters that wait or were given up; what they told about stays as it is."""
    caller = opening.operator()
    from keyholder.services.commands import outbox

    _done("discarded", outbox.discard(by=caller, letters=_which(letters, dead=dead)), as_json=as_json)


def _which(letters: tuple[int, ...], *, dead: bool) -> tuple[int, ...] | None:
    if dead == bool(letters):
        raise click.UsageError(WHICH)
    return None if dead else letters


def _done(what: str, number: int, *, as_json: bool) -> None:
    if as_json:
        output.say_json({what: number})
    else:
        output.say(f"{what}: {number}")
