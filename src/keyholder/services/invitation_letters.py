"""Letters about invitations: the invitation itself, and its answer to those who gave what it holds (R102, semantics 6)."""

from collections.abc import Collection
from datetime import datetime
from urllib.parse import quote

from keyholder.domain.identifiers import ResourceId
from keyholder.domain.letters import Letter, LetterKind
from keyholder.domain.principals import Status
from keyholder.engine.management import standing_managers
from keyholder.services import letters
from keyholder.services.act import Act
from keyholder.storage import slices
from keyholder.storage.models import Invitation, OrganizationMember, PlannedBinding, PlannedMembership, Resource, User


def post(act: Act, row: Invitation, expires_at: datetime) -> bool:
    """Mail an invitation to exactly its address, and take back what still waits of it; False where nothing is mailed here."""
    letters.withdraw(act, LetterKind.INVITATION, row.pk)
    details = {
        **letters.signed(act),
        "resource": row.account.name,
        "type": row.account.type,
        "message": row.message,
        "until": expires_at.isoformat(),
    }
    return letters.post(
        act,
        Letter(LetterKind.INVITATION, row.email, language=row.language, about=row.pk, generation=row.generation, details=details),
    )


def settle(act: Act, row: Invitation, answer: str) -> None:
    """Take back the letter that still waits, and tell everybody who gave something how it was answered."""
    letters.withdraw(act, LetterKind.INVITATION, row.pk)
    _tell(act, row, givers(row), answer)


def ask_managers(act: Act, row: Invitation, *, outside: bool) -> None:
    """Ask the managers of the account to take an invitation over; where none is left, those with a role in its organization.

    With ``outside`` it is no giver that is missing: the organization does not take the address.
    """
    here = ResourceId(row.account_id)
    managers = standing_managers(slices.at([here]), act.catalogue, here, act.at)
    leaders = OrganizationMember.objects.filter(organization__tenant=row.account.tenant_id).values_list("user", flat=True)
    _tell(act, row, managers or set(leaders), "outside" if outside else "awaiting")


def givers(row: Invitation) -> set[int]:
    """Return who made an invitation and who gives what it holds; the operator's command line is nobody."""
    planned = (PlannedBinding.objects.filter(invitation=row), PlannedMembership.objects.filter(invitation=row))
    found = {row.invited_by_id, *(giver for rows in planned for giver in rows.values_list("giver", flat=True))}
    return {giver for giver in found if giver is not None}


def page_of(account: Resource) -> str:
    """Return the page of the console that shows the invitations of a node."""
    return f"/{quote(account.type)}/{quote(account.key)}/users/invitations/"


def _tell(act: Act, row: Invitation, people: Collection[int], answer: str) -> None:
    details = {**letters.signed(act), "answer": answer, "address": row.email, "resource": row.account.name}
    for person in User.objects.filter(pk__in=people, status=Status.ACTIVE.value).exclude(pk=act.by.principal).order_by("pk"):
        kind = LetterKind.INVITATION_ANSWERED
        letters.post(act, Letter(kind, person.email, person.name, person.language, row.pk, row.generation, page_of(row.account), details))
