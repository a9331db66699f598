"""An explanation in lines for people and as JSON for programs (R017, R110)."""

from collections.abc import Iterator, Mapping, Sequence

from keyholder.engine.moment import Reason
from keyholder.interfaces.cli.listing import address_of, principal_keys, resource_keys, shown, source_plain, source_words
from keyholder.services.queries.decisions import Asked
from keyholder.services.queries.explanations import ExplanationView, NearMissView
from keyholder.services.read_models import ResourceView, SourceView

WORDS: Mapping[Reason, str] = {
    Reason.GRANTED: "it is granted",
    Reason.UNKNOWN_PRINCIPAL: "nobody here has this address",
    Reason.UNKNOWN_RESOURCE: "there is no such resource",
    Reason.UNKNOWN_PERMISSION: "the platform knows no such permission or action",
    Reason.ACTION_NOT_HERE: "neither the resource nor what is above it is something where this is done",
    Reason.SUSPENDED: "the person is suspended; an operator can change that",
    Reason.SUSPENDED_IN_ORGANIZATION: "the person is suspended within the organization",
    Reason.TRASHED: "the resource, or what is above it, is in the trash",
    Reason.NOT_HELD: "the permission is not held here",
    Reason.NOT_YET: "it has not begun",
    Reason.ENDED: "it has ended",
    Reason.UNASSIGNED: "it counts only while the person holds the role it depends on",
    Reason.CLOSED_EDGE: "it is held above, and what is managed above does not reach here",
    Reason.NOT_PASSED_ON: "it is held above, and this permission is not passed on",
    Reason.BELOW_ONLY: "it is held below only, and nothing rises",
    Reason.LACKS_PERMISSION: "other permissions are held, this one is not",
    Reason.NO_BINDING: "nothing is bound to the person here or above",
    Reason.FOREIGN_GROUP: "the group belongs to another organization",
}


def lines(found: ExplanationView, question: Asked) -> Iterator[str]:
    """Go through the lines that say why."""
    yield _headline(found, question)
    if found.allowed:
        yield from (f"  {_standing(path)}" for path in found.paths)
        return
    yield f"  {WORDS[found.reason]}"
    if found.effective:
        yield f"  held here: {shown(found.effective)}"
    if found.near_misses:
        yield "nearest:"
        yield from (f"  {_near(miss)}" for miss in found.near_misses)
    if found.ask:
        yield f"who can change it: {', '.join(map(address_of, found.ask))}"


def plain(found: ExplanationView) -> dict[str, object]:
    """Return an explanation for JSON."""
    return {
        "decision": found.allowed,
        "reason": found.reason.value,
        "permission": found.permission,
        "judged_at": _keys(found.judged_at),
        "effective": list(found.effective.names),
        "paths": [source_plain(path) for path in found.paths],
        "near_misses": [
            {"reasons": [reason.value for reason in miss.reasons], "source": source_plain(miss.source)}
            | ({"place": str(miss.place.ref)} if miss.place else {})
            for miss in found.near_misses
        ],
        "ask": [principal_keys(person) for person in found.ask],
    }


def _headline(found: ExplanationView, question: Asked) -> str:
    verdict = "allow" if found.allowed else "deny"
    asked = question.permission or f"{question.action} ({found.permission})" if found.permission else question.permission or question.action
    elsewhere = f", judged at {found.judged_at.ref}" if found.judged_at and found.judged_at.ref != question.resource else ""
    return f"{verdict}: {question.user}, {asked}, {question.resource}{elsewhere}"


def _near(miss: NearMissView) -> str:
    place = f" ({miss.place.ref})" if miss.place else ""
    return f"{_standing(miss.source)}: {_joined(miss.reasons)}{place}"


def _standing(source: SourceView) -> str:
    """Say what a source gives and where it can be changed."""
    return f"{source_words(source)} ({source.resource.ref})"


def _joined(reasons: Sequence[Reason]) -> str:
    return ", and ".join(WORDS[reason] for reason in reasons)


def _keys(resource: ResourceView | None) -> Mapping[str, str] | None:
    return None if resource is None else resource_keys(resource)
