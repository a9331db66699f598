"""Identities: with which providers one's own account is linked, and with which it can be (R-OIDC-10)."""

from dataclasses import dataclass

from keyholder.domain.providers import External
from keyholder.services.caller import Caller
from keyholder.services.known_providers import Provider, every
from keyholder.services.queries.seeing import authority_of
from keyholder.storage import locks
from keyholder.storage.models import Identity, User


@dataclass(frozen=True, slots=True)
class Linked:
    """A link of one's own, by its number; the subject is what the provider calls one."""

    number: int
    provider: str
    subject: str


@dataclass(frozen=True, slots=True)
class Links:
    """What one's own account is linked with, and which providers it can be linked with besides."""

    linked: tuple[Linked, ...]
    linkable: tuple[Provider, ...]
    is_first_proof: bool
    """The address was never verified here: linking proves it, and voids what was set before."""


def is_known(*, by: Caller, said: External) -> bool:  # noqa: ARG001 - who asks is nobody yet: the door alone, of what a provider has proven
    """Say whether somebody has a person here: by the pair of issuer and subject, or by the address."""
    known = Identity.objects.filter(issuer=said.issuer, subject=said.subject)
    return known.exists() or User.objects.filter(canonical=said.address.canonical).exists()


def is_linked(*, by: Caller, issuer: str) -> bool:
    """Say whether the caller's own account is linked with the provider of an issuer."""
    return Identity.objects.filter(user=by.principal, issuer=issuer).exists()


def own(*, by: Caller) -> Links:
    """Return the links of the caller's own account."""
    authority_of(by)
    with locks.snapshot():
        known = every()
        rows = list(Identity.objects.filter(user=by.principal).order_by("pk"))
        is_first = User.objects.filter(pk=by.principal, email_verified=False).exists()
    names, issuers = {provider.issuer: provider.name for provider in known}, {row.issuer for row in rows}
    linked = tuple(Linked(row.pk, names.get(row.issuer, row.issuer), row.subject) for row in rows)
    linkable = tuple(provider for provider in known if provider.is_enabled and provider.issuer not in issuers)
    return Links(linked, linkable, is_first)
