"""An organization's user policy as the pure rule takes it."""

from keyholder.domain.policies import Policy, PolicyMode
from keyholder.storage.models import Organization


def policy_of(row: Organization) -> Policy:
    """Return the policy that an organization's row holds."""
    return Policy(
        mode=PolicyMode(row.policy_mode),
        allowed_domains=tuple(row.allowed_domains),
        allowed_addresses=tuple(row.allowed_addresses),
        blocked_addresses=tuple(row.blocked_addresses),
        verified_only=row.verified_only,
    )
