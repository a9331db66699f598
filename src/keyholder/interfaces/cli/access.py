"""``check``, ``explain``, ``who`` and ``what``: who may do what, and why."""

from typing import TYPE_CHECKING, BinaryIO

import click

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.refusals import NotFound
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.asking import AT, JSON, ReferenceType, asked, question_options
from keyholder.interfaces.cli.failures import REFUSED

if TYPE_CHECKING:
    from datetime import datetime

    from keyholder.services.queries.decisions import Answer

NOTES = {"unknown_principal": _("nobody here has the address {user}"), "unknown_resource": _("there is no {resource}")}
QUESTIONS_ALONE = "--questions is asked alone, or with --at for the lines that name no moment"
NO_RESOURCE = _("There is no {resource}.")
NO_USER = _("Nobody here has the address {user}.")


@click.command()
@question_options
@click.option(
    "--questions", type=click.File("rb"), help='Answer JSON lines instead: {"user", "permission" or "action", "resource", "at"?}.'
)
def check(
    *,
    user: str,
    permission: str,
    action: str,
    resource: ResourceRef | None,
    at: "datetime | None",
    as_json: bool,
    questions: BinaryIO | None,
) -> int:
    """Say whether a person may do something: allow or deny.

    The exit code is 0 for allow, 1 for deny. With --questions every line is answered in order ("-" reads standard input) and the exit
    code is 0.
    """
    if questions is not None:
        if user or permission or action or resource:
            raise click.UsageError(QUESTIONS_ALONE)
        from keyholder.interfaces.cli.questions import answer

        answer(questions, opening.operator(), at)
        return 0
    question = asked(user=user, permission=permission, action=action, resource=resource, at=at)
    caller = opening.operator()
    from keyholder.services.queries.decisions import check as decide

    found = decide(by=caller, asked=question)
    _note(found, user, question.resource)
    if as_json:
        output.say_json({"decision": found.allowed, "reason": found.reason})
    else:
        output.say("allow" if found.allowed else "deny")
    return 0 if found.allowed else REFUSED


@click.command()
@question_options
def explain(*, user: str, permission: str, action: str, resource: ResourceRef | None, at: "datetime | None", as_json: bool) -> None:
    """Say why: every way that gives the permission, or what would change a no and who can."""
    question = asked(user=user, permission=permission, action=action, resource=resource, at=at)
    caller = opening.operator()
    from keyholder.interfaces.cli import explaining
    from keyholder.services.queries.explanations import explanation

    found = explanation(by=caller, asked=question)
    if as_json:
        output.say_json(explaining.plain(found))
    else:
        for line in explaining.lines(found, question):
            output.say(line)


@click.command()
@click.option("--resource", type=ReferenceType(), required=True, help="The resource asked about.")
@click.option("--permission", default="", help="Only who holds this permission.")
@AT
@JSON
def who(*, resource: ResourceRef, permission: str, at: "datetime | None", as_json: bool) -> None:
    """List everybody with access to a resource, with local and effective permissions and their sources."""
    caller = opening.operator()
    from keyholder.interfaces.cli import listing
    from keyholder.services.queries.decisions import who as find

    try:
        found = find(by=caller, resource=resource, permission=permission, at=at)
    except NotFound as refusal:
        raise NotFound(refusal.code, sentence(NO_RESOURCE, resource=resource)) from refusal
    listing.show(found, listing.HOLDERS, as_json=as_json)


@click.command()
@click.option("--user", required=True, help="Address of the person asked about.")
@AT
@JSON
def what(*, user: str, at: "datetime | None", as_json: bool) -> None:
    """List everything that a person can reach, with local and effective permissions and their sources."""
    caller = opening.operator()
    from keyholder.interfaces.cli import listing
    from keyholder.services.queries.decisions import what as find

    try:
        found = find(by=caller, user=user, at=at)
    except NotFound as refusal:
        raise NotFound(refusal.code, sentence(NO_USER, user=user)) from refusal
    listing.show(found, listing.REACH, as_json=as_json)


def _note(answer: "Answer", user: str, resource: ResourceRef) -> None:
    """Say on stderr that a no is a no because nobody, or nothing, has that name."""
    if answer.reason in NOTES:
        output.complain(f"note: {sentence(NOTES[answer.reason], user=user, resource=resource)}")
