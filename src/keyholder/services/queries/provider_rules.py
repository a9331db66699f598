"""Through which sign-in provider an organization lets people to its pages."""

from keyholder.domain.identifiers import OrganizationId
from keyholder.services import known_providers
from keyholder.services.caller import Caller
from keyholder.services.known_providers import Provider
from keyholder.services.organization_rows import administered, visible
from keyholder.services.queries.seeing import authority_of
from keyholder.storage.models import Identity, ProviderRule


def required(*, by: Caller, of: OrganizationId) -> Provider | None:
    """Return the provider that an organization of the caller's asks for, None where every way is good. Raises NotFound."""
    rule = ProviderRule.objects.filter(organization=visible(authority_of(by), of)).first()
    if rule is None:
        return None
    known = (provider for provider in known_providers.every() if provider.issuer == rule.issuer)
    return next(known, Provider("", rule.issuer, rule.issuer, "", "", is_enabled=False))


def choices(*, by: Caller, of: OrganizationId) -> tuple[tuple[Provider, bool], ...]:
    """Return the providers that an admin of an organization can choose, each with whether their own account is linked with it.

    Raises NotFound, and Forbidden for who is not its admin.
    """
    administered(authority_of(by), of)
    own = set(Identity.objects.filter(user=by.principal).values_list("issuer", flat=True))
    return tuple((provider, provider.issuer in own) for provider in known_providers.offered())
