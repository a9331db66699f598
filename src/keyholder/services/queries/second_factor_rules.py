"""Whether an organization asks for a second factor of its managers."""

from keyholder.domain.identifiers import OrganizationId
from keyholder.services.caller import Caller
from keyholder.services.organization_rows import visible
from keyholder.services.queries.seeing import authority_of
from keyholder.storage.models import SecondFactorRule


def is_asked(*, by: Caller, of: OrganizationId) -> bool:
    """Say whether an organization that the caller belongs to asks for a second factor. Raises NotFound."""
    return SecondFactorRule.objects.filter(organization=visible(authority_of(by), of)).exists()
