"""Letters about links to organizations: asking those who may agree to one, and telling who asked how it was answered (semantics 5)."""

from collections.abc import Mapping

from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.domain.letters import Letter, LetterKind
from keyholder.domain.linking import Side
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.engine.decision import Question, decide
from keyholder.engine.moment import Moment
from keyholder.engine.search import holders
from keyholder.services import letters, request_rows
from keyholder.services.act import Act
from keyholder.services.authority import name_of
from keyholder.services.link_rights import LINK
from keyholder.storage import link_requests, slices
from keyholder.storage.link_requests import Sides
from keyholder.storage.models import LinkRequest, OrganizationMember, OrganizationSuspension, User

NOWHERE = 0
"""The number of no row."""


def ask(act: Act, row: LinkRequest) -> None:
    """Write to everybody who may answer a request but who asked, each in their language.

    Where nobody may, one letter is written all the same, to who asked: when its turn comes it turns out to be needed by nobody and is not
    sent (:mod:`keyholder.services.letter_needs`). So asking takes as long whether or not there is what was asked for (R-ENU-1).
    """
    if not letters.is_mailing():
        return
    found = link_requests.sides(row)
    me = User.objects.filter(pk=act.by.principal or NOWHERE).first()
    people = {NOWHERE, *_deciders(act, row, found)} - {row.asked_by}
    told = list(User.objects.filter(pk__in=people, status=Status.ACTIVE.value).order_by("pk"))
    details = {
        **_names(found, row),
        "side": row.side,
        "key": str(ResourceRef(found.account.type, found.account.key)) if found.account is not None else row.asked,
        "asker": act.by.name or name_of(act.by.principal),
        "address": me.email if me is not None else "",
        "reason": row.reason,
    }
    letters.post_all(act, [_letter(LetterKind.LINK_ASKED, to, row, details) for to in told or _existing(me)])


def answer(act: Act, row: LinkRequest, *, approved: bool, words: str) -> None:
    """Write to who asked, unless it was the caller. What was refused is called as it was asked for: they may know no more of it."""
    details = {
        **_names(link_requests.sides(row) if approved else Sides(row.account, row.organization), row),
        "approved": approved,
        "answer": words,
    }
    told = User.objects.filter(pk=row.asked_by or NOWHERE, status=Status.ACTIVE.value).exclude(pk=act.by.principal or NOWHERE)
    letters.post_all(act, [_letter(LetterKind.LINK_ANSWERED, to, row, details) for to in told])


def _deciders(act: Act, row: LinkRequest, found: Sides) -> set[int]:
    """Return who speaks for the side that is asked, as :func:`keyholder.services.link_rights.speaks_for_asked` judges."""
    if row.side == Side.ACCOUNT.value:
        home = found.organization.pk if found.organization is not None else NOWHERE
        out = OrganizationSuspension.objects.filter(organization=home).values("user")
        admins = OrganizationMember.objects.filter(organization=home, role=OrganizationRole.ADMIN.value).exclude(user__in=out)
        return set(admins.values_list("user", flat=True))
    here = ResourceId(found.account.pk if found.account is not None else NOWHERE)
    moment = Moment(slices.at([here]), act.catalogue, act.at)
    granting = act.catalogue.of(found.account.type).granting if found.account is not None else ""
    return {person for person in holders(moment, here, granting) if decide(moment, Question(person, here, action=LINK)).allowed}


def _names(found: Sides, row: LinkRequest) -> dict[str, str]:
    return {
        "account": found.account.name if found.account is not None else row.asked,
        "organization": found.organization.name if found.organization is not None else row.asked,
    }


def _letter(kind: LetterKind, to: User, row: LinkRequest, details: Mapping[str, object]) -> Letter:
    return Letter(kind, to.email, to.name, to.language, row.pk, path=request_rows.QUEUE, details=details)


def _existing(user: User | None) -> list[User]:
    return [] if user is None else [user]
