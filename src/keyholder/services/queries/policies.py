"""Who stands outside an organization's user policy, or would with another one (R087, R088, semantics 5)."""

from keyholder.domain.identifiers import OrganizationId
from keyholder.domain.policies import Policy
from keyholder.services import organization_rows, outsiders
from keyholder.services.caller import Caller
from keyholder.services.outsiders import Outsider
from keyholder.services.policies import policy_of
from keyholder.services.queries.seeing import authority_of
from keyholder.storage import locks


def outside(*, by: Caller, organization: OrganizationId, policy: Policy | None = None) -> tuple[Outsider, ...]:
    """Return the people of an organization who are outside its policy, or would be outside the one given, by address.

    Its admins and user admins may ask. Raises NotFound outside the organization, Forbidden for everybody else in it.
    """
    with locks.snapshot():
        row = organization_rows.managed(authority_of(by), organization)
        return outsiders.outsiders(row.tenant_id, policy_of(row) if policy is None else policy)


def invitations_outside(*, by: Caller, organization: OrganizationId, policy: Policy | None = None) -> int:
    """Return how many open invitations to an organization's accounts are outside its policy, or would be outside the one given.

    Raises as :func:`outside` does.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = organization_rows.managed(authority, organization)
        asked = policy_of(row) if policy is None else policy
        return len(outsiders.invited_outsiders(row.tenant_id, asked, authority.catalogue, by.at))
