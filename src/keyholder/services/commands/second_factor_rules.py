"""An organization asking for a second factor of its managers (semantics 7)."""

from keyholder.domain.events import Event
from keyholder.domain.identifiers import OrganizationId, TenantId
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.organization_rows import administered
from keyholder.storage.models import SecondFactorRule


def choose(*, by: Caller, organization: OrganizationId, asked: bool) -> None:
    """Let an organization ask for a second factor of its managers, or ask no more. Only its admins may.

    Who lacks one sets it up at the next sign-in; sessions go on and decisions do not change. Raises NotFound outside the organization,
    Forbidden for who is not its admin.
    """
    with acting(by, scopes.of_organizations(organization)) as act:
        row = administered(act.authority, organization)
        rule = SecondFactorRule.objects.filter(organization=row).first()
        if asked == (rule is not None):
            return
        if rule is None:
            act.ledger.add(SecondFactorRule(organization=row))
        else:
            act.ledger.remove(rule)
        action = "organization.second_factor_asked" if asked else "organization.second_factor_left"
        event = Event(action, "organization", row.pk, details={"organization": row.name})
        act.record(event, tenant=TenantId(row.tenant_id))
