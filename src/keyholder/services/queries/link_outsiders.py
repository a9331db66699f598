"""Who of an account would be outside an organization's user policy, told before the two are linked (R087, R088, semantics 5).

Only who may make the link is told: whoever merely asks for it learns nothing of the other side.
"""

from dataclasses import dataclass

from keyholder.domain.identifiers import OrganizationId, ResourceId
from keyholder.services import outsiders
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.link_rights import require_both_sides, speaks_for_asked, still_asked
from keyholder.services.organization_rows import visible
from keyholder.services.outsiders import Outsider
from keyholder.services.policies import policy_of
from keyholder.services.queries.seeing import authority_of, resource_seen
from keyholder.storage import link_requests, locks
from keyholder.storage.models import Organization, Resource


@dataclass(frozen=True, slots=True)
class LinkOutsiders:
    """The people of an account who would be marked with its link, and the invitations to it that the policy does not take."""

    people: tuple[Outsider, ...] = ()
    invitations: tuple[str, ...] = ()
    """The addresses that were invited."""
    refuses: bool = False
    """The policy is enforced: these invitations can't be accepted, and nobody like these people is added any more."""

    def __bool__(self) -> bool:
        """Say whether there is anybody."""
        return bool(self.people or self.invitations)


def of_link(*, by: Caller, account: ResourceId, organization: OrganizationId) -> LinkOutsiders:
    """Return who would be outside once the caller links an account; raises as linking does for a side that they do not speak for."""
    authority = authority_of(by)
    with locks.snapshot():
        row, home = resource_seen(authority, account), visible(authority, organization)
        require_both_sides(authority, row, home)
        return _outside(authority, row, home)


def of_request(*, by: Caller, request: int) -> LinkOutsiders:
    """Return who would be outside once the caller agrees to a link that was asked for; raises NotFound for what is not theirs to answer.

    Nobody where whoever asked does not speak for that side any more: then nothing is agreed to, and nobody's name is anybody's business.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = link_requests.every_open().filter(pk=request).first()
        found = None if row is None else link_requests.sides(row)
        if row is None or found is None or not speaks_for_asked(authority, row, found):
            raise not_there()
        if found.account is None or found.organization is None or not still_asked(authority, row):
            return LinkOutsiders()
        return _outside(authority, found.account, found.organization)


def _outside(authority: Authority, account: Resource, organization: Organization) -> LinkOutsiders:
    policy = policy_of(organization)
    invited = outsiders.invited_outsiders(account.tenant_id, policy, authority.catalogue, authority.by.at)
    return LinkOutsiders(outsiders.outsiders(account.tenant_id, policy), invited, policy.refuses)
