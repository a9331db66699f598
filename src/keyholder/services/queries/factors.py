"""Second factors as a person's own pages show them, and what an open step of signing in can be answered with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.factors import Kind
from keyholder.domain.identifiers import PrincipalId
from keyholder.services import factors
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of
from keyholder.storage.models import AddressChange, Authenticator, Passkey, RecoveryCode, User


@dataclass(frozen=True, slots=True)
class Factor:
    """One second factor."""

    kind: Kind
    number: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnFactors:
    """Everything by which a person proves who they are."""

    address: str
    has_password: bool
    factors: tuple[Factor, ...]
    codes_left: int
    is_asked_for_one: bool
    is_verified: bool
    waiting: str
    """The address that waits to be proven; empty where none does."""

    @property
    def has_code(self) -> bool:
        """Whether a code can be asked for."""
        return any(factor.kind is Kind.AUTHENTICATOR for factor in self.factors) or self.codes_left > 0

    @property
    def has_passkey(self) -> bool:
        """Whether a passkey can be asked for."""
        return any(factor.kind is Kind.PASSKEY for factor in self.factors)


def own(*, by: Caller) -> OwnFactors:
    """Return by what the caller proves who they are."""
    return of_newcomer(by=by, user=PrincipalId(by.principal or 0))


def of_newcomer(*, by: Caller, user: PrincipalId) -> OwnFactors:
    """Return by what somebody at the door can go on who has proven one thing."""
    row = User.objects.get(pk=user)
    pending = AddressChange.objects.filter(user=user, expires_at__gt=by.at).first()
    return OwnFactors(
        row.email,
        row.has_usable_password(),
        (*_listed(Kind.AUTHENTICATOR, Authenticator.objects.filter(user=user)), *_listed(Kind.PASSKEY, Passkey.objects.filter(user=user))),
        RecoveryCode.objects.filter(user=user, used_at__isnull=True).count(),
        factors.is_asked_for_one(user),
        row.email_verified,
        pending.email if pending else "",
    )


def has_any(*, by: Caller, user: PrincipalId) -> bool:
    """Say whether a person has a second factor. Raises Forbidden for anybody but an operator."""
    authority_of(by).require_operator()
    return factors.has_one(user)


def _listed(kind: Kind, rows: Iterable[Authenticator] | Iterable[Passkey]) -> Iterable[Factor]:
    return [Factor(kind, row.pk, row.name, row.added_at, row.used_at) for row in rows]
