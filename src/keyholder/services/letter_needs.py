"""Whether a letter is still needed when its turn comes: who has lost meanwhile what it tells about is not told (I-OB-1).

A kind without a rule here is needed as long as nobody withdraws its letters.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import Q

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.letters import LetterKind
from keyholder.domain.principals import Status
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.link_rights import speaks_for_asked
from keyholder.storage import blueprints, link_requests
from keyholder.storage.models import Binding, Letter, Resource, User

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


def _still_to_answer(row: Letter, at: datetime) -> bool:
    """Say whether the link is still asked for, of somebody who may agree to it; who asked needs no letter about it."""
    request = link_requests.every_open().filter(pk=row.about).first()
    person = User.objects.filter(email=row.recipient, status=Status.ACTIVE.value).first()
    if request is None or person is None or person.pk == request.asked_by:
        return False
    caller = Caller(PrincipalId(person.pk), at, Channel.SYSTEM)
    return speaks_for_asked(Authority(caller, blueprints.catalogue()), request, link_requests.sides(request))


NEEDS: Mapping[LetterKind, Need] = {
    LetterKind.ACCESS_GIVEN: _still_has_access,
    LetterKind.RESOURCE_TRASHED: _still_in_trash,
    LetterKind.LINK_ASKED: _still_to_answer,
}
