"""Whether a letter is still needed when its turn comes (I-OB-1).

Who has lost meanwhile what it tells about is not told, and a link that opens nothing any more is not sent. A kind without a rule here is
needed as long as nobody withdraws its letters.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import Q

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.invitations import Standing
from keyholder.domain.letters import LetterKind
from keyholder.domain.principals import Status
from keyholder.domain.requests import RequestState
from keyholder.services import address_proofs, reset_links
from keyholder.services.authority import Authority, of_another
from keyholder.services.invitation_links import term_of
from keyholder.services.invitation_rights import grants, may_handle
from keyholder.services.link_rights import speaks_for_asked
from keyholder.storage import blueprints, link_requests
from keyholder.storage.models import AccessRequest, Binding, Invitation, Letter, Resource, User

Need = Callable[[Letter, datetime], bool]


def is_needed(row: Letter, at: datetime) -> bool:
    """Say whether a letter still tells something that holds."""
    need = NEEDS.get(LetterKind(row.kind))
    return need is None or need(row, at)


def _still_has_access(row: Letter, at: datetime) -> bool:
    """Say whether the person is active, has this very address, and still holds something of their own at the place."""
    theirs = User.objects.filter(pk=row.about, email=row.recipient, status=Status.ACTIVE.value)
    lasting = Q(ends_at=None) | Q(ends_at__gt=at)
    return theirs.exists() and Binding.objects.filter(lasting, principal=row.about, resource=row.details.get("resource")).exists()


def _still_in_trash(row: Letter, _at: datetime) -> bool:
    """Say whether the resource can still be restored: the letter asks for nothing else."""
    return Resource.objects.filter(pk=row.about, trashed_at__isnull=False).exists()


def _still_open(row: Letter, at: datetime) -> bool:
    """Say whether the invitation's link can be used: it waits for an answer, there is no newer link, its days are not over."""
    invitation = Invitation.objects.select_related("account").filter(pk=row.about, generation=row.generation).first()
    return invitation is not None and term_of(invitation, blueprints.catalogue()).standing(at) is Standing.PENDING


def _still_handles(row: Letter, at: datetime) -> bool:
    """Say whether the reader may handle the invitation whose answer this tells."""
    reader, invitation = _reader(row, at), Invitation.objects.select_related("account").filter(pk=row.about).first()
    return reader is not None and invitation is not None and may_handle(reader, invitation)


def _still_decides(row: Letter, at: datetime) -> bool:
    """Say whether the request is open, and the reader may grant there, or runs the instance."""
    open_ones = AccessRequest.objects.select_related("resource").filter(pk=row.about, state=RequestState.OPEN.value)
    reader, request = _reader(row, at), open_ones.first()
    return reader is not None and request is not None and (reader.is_operator() or grants(reader, request.resource))


def _still_resets(row: Letter, at: datetime) -> bool:
    """Say whether the link chooses a password: nothing has changed, and it is not too old."""
    return reset_links.counting(reset_links.Ticket(number=row.about), at) is not None


def _still_proves(row: Letter, at: datetime) -> bool:
    """Say whether the address waits for this very proof."""
    return address_proofs.waiting(row.about, row.generation, at) is not None


def _still_to_answer(row: Letter, at: datetime) -> bool:
    """Say whether the link is still asked for, of somebody who may agree to it; who asked needs no letter about it."""
    reader, request = _reader(row, at), link_requests.every_open().filter(pk=row.about).first()
    if reader is None or request is None or reader.by.principal == request.asked_by:
        return False
    return speaks_for_asked(reader, request, link_requests.sides(request))


def _reader(row: Letter, at: datetime) -> Authority | None:
    """Return what the person may do who has the letter's address now; None where nobody active has it."""
    person = User.objects.filter(email=row.recipient, status=Status.ACTIVE.value).first()
    return None if person is None else of_another(PrincipalId(person.pk), at, blueprints.catalogue())


NEEDS: Mapping[LetterKind, Need] = {
    LetterKind.ACCESS_GIVEN: _still_has_access,
    LetterKind.ADDRESS_PROOF: _still_proves,
    LetterKind.INVITATION: _still_open,
    LetterKind.INVITATION_ANSWERED: _still_handles,
    LetterKind.LINK_ASKED: _still_to_answer,
    LetterKind.PASSWORD_RESET: _still_resets,
    LetterKind.REQUEST_MADE: _still_decides,
    LetterKind.RESOURCE_TRASHED: _still_in_trash,
}
