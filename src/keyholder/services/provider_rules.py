"""Provider rules: which organizations a session does not open, because it was not begun through their provider (semantics 5 and 7)."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, QuerySet

from keyholder.domain.identifiers import OrganizationId, PrincipalId, TenantId
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.caller import Closed
from keyholder.services.known_providers import Provider, every
from keyholder.storage import visibility
from keyholder.storage.models import ProviderRule, User

REQUIRED = _("{organization} lets people in only through {provider}: it has to choose another way first.")


def with_whether_there_are_any(people: QuerySet[User]) -> QuerySet[User]:
    """Let the rows of people say, as ``has_provider_rules``, whether there is any rule at all: most instances need not be asked more."""
    return people.annotate(has_provider_rules=Exists(ProviderRule.objects.all()))


def closed_to(issuers: Collection[str]) -> tuple[Closed, ...]:
    """Return the organizations that a session does not open which was proven by these issuers; one query where there is no rule."""
    rules = ProviderRule.objects.exclude(issuer__in=list(issuers)).select_related("organization").order_by("organization")
    rows = list(rules)
    providers = {provider.issuer: provider for provider in every()} if rows else {}
    return tuple(_closed(row, providers.get(row.issuer)) for row in rows)


def closed_among(user: PrincipalId, issuers: Collection[str], at: datetime) -> tuple[Closed, ...]:
    """Return those of a person's own organizations that such a session does not open."""
    closed = closed_to(issuers)
    own = set(visibility.organizations_for(user, at)) if closed else set()
    return tuple(one for one in closed if one.organization in own)


def require_unneeded(issuer: str) -> None:
    """Raise Conflict where an organization lets people in only through the provider with this issuer: nobody would come in any more."""
    row = ProviderRule.objects.filter(issuer=issuer).select_related("organization").order_by("organization__name_key", "pk").first()
    if row is not None:
        found = next((provider.name for provider in every() if provider.issuer == issuer), issuer)
        raise Conflict("required", sentence(REQUIRED, organization=row.organization.name, provider=found))


def _closed(row: ProviderRule, provider: Provider | None) -> Closed:
    home = row.organization
    name, key = (provider.name, provider.key) if provider is not None else (row.issuer, "")
    return Closed(OrganizationId(home.pk), TenantId(home.tenant_id), home.name, name, key)
