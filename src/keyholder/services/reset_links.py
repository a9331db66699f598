"""Reset links: reading their secrets, whether one still counts, and who may be shown one (semantics 7, R112, R-PWD-1)."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.principals import Status
from keyholder.engine.moment import Moment
from keyholder.services import proofs
from keyholder.services.authority import Authority, of_another
from keyholder.services.jurisdictions import manages
from keyholder.services.proofs import Purpose
from keyholder.storage import blueprints, jurisdictions, slices
from keyholder.storage.models import GroupOwner, OrganizationMember, PasswordReset, User

LIFE = timedelta(hours=24)
GENERATION = 1
"""A link is never renewed: another one is made."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a link's secret was read as: the number of a mailed one, the digest of a copied one. It holds no secret itself."""

    number: int = 0
    digest: str = ""


def read(secret: str) -> Ticket | None:
    """Return what a secret stands for; None for what can't be one."""
    found = proofs.read_mailed(Purpose.RESET, secret)
    if found is not None:
        return Ticket(number=found.number) if found.generation == GENERATION else None
    digest = proofs.digest(secret)
    return Ticket(digest=digest) if digest else None


def counting(ticket: Ticket, at: datetime) -> PasswordReset | None:
    """Return the link of a ticket where it still counts: not used, not ended by time or by a change, its maker still the one to make it."""
    known = PasswordReset.objects.select_related("user").filter(used_at__isnull=True, expires_at__gt=at)
    row = known.filter(digest=ticket.digest).first() if ticket.digest else known.filter(pk=ticket.number, digest="").first()
    if row is None or row.fingerprint != fingerprint(row.user) or row.user.status != Status.ACTIVE.value:
        return None
    return row if not row.digest or _maker_may(row, at) else None


def use_up(row: PasswordReset, at: datetime) -> bool:
    """Use a link up; False where it was used. Looked at and written by one statement (R-PWD-1)."""
    return bool(PasswordReset.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=at))


def fingerprint(user: User) -> str:
    """Return what a link is bound to: the password, the address and the last sign-in as they are now (R-PWD-1)."""
    last = user.last_login.astimezone(UTC).isoformat() if user.last_login else ""
    return hashlib.sha256(f"{user.password}\n{user.canonical}\n{last}".encode()).hexdigest()


def may_be_shown(authority: Authority, user: User) -> bool:
    """Say whether the caller may be shown a link for a person: the command line always; else who manages every account they have access in.

    Never for an operator or for who has a role in an organization: their power is more than those accounts. What somebody could give
    themselves by a group of theirs counts as access.
    """
    me = authority.by.principal
    if me is None:
        return True
    if me == user.pk or user.is_operator or OrganizationMember.objects.filter(user=user).exists():
        return False
    owned = [PrincipalId(group) for group in GroupOwner.objects.filter(user=user).values_list("group_id", flat=True)]
    places = jurisdictions.bearing([PrincipalId(user.pk), *owned])
    moment = Moment(slices.of([me], places), authority.catalogue, authority.by.at)
    return bool(places) and all(manages(moment, me, _account(moment, authority.catalogue, place)) for place in places)


def _maker_may(row: PasswordReset, at: datetime) -> bool:
    """Judge the maker again, at the moment of use: they may have lost what they managed, the person may have gained something (R112)."""
    if row.made_by is None:
        return True
    maker = User.objects.filter(pk=row.made_by, status=Status.ACTIVE.value).first()
    if maker is None:
        return False
    return may_be_shown(of_another(PrincipalId(maker.pk), at, blueprints.catalogue()), row.user)


def _account(moment: Moment, catalogue: Catalogue, place: ResourceId) -> ResourceId:
    """Return the account that a node belongs to: the nearest at or above it that always has a manager, else its root."""
    lineage = moment.lineage(place)
    guarded = [node.id for node in lineage if catalogue.types[node.ref.type].guarded]
    return next(iter(guarded), lineage[-1].id if lineage else place)
