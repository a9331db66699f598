"""Identity providers as an operator sees them: without their secrets (R-KEY-2)."""

from collections import Counter
from dataclasses import dataclass

from keyholder.services import known_providers
from keyholder.services.caller import Caller
from keyholder.services.known_providers import Provider
from keyholder.services.queries.seeing import authority_of
from keyholder.storage import locks
from keyholder.storage.models import Identity


@dataclass(frozen=True, slots=True)
class Listed:
    """A provider, and how many people are linked with it."""

    provider: Provider
    people: int


def providers(*, by: Caller) -> tuple[Listed, ...]:
    """Return all providers by name; raises Forbidden for anybody but an operator."""
    authority_of(by).require_operator()
    with locks.snapshot():
        people = Counter(Identity.objects.values_list("issuer", flat=True))
        return tuple(Listed(provider, people[provider.issuer]) for provider in known_providers.every())


def provider(*, by: Caller, key: str) -> Listed:
    """Return one provider; raises Forbidden for anybody but an operator, NotFound."""
    authority_of(by).require_operator()
    found = known_providers.one(key)
    return Listed(found, Identity.objects.filter(issuer=found.issuer).count())
