"""An organization letting people to its pages only through one sign-in provider (semantics 5 and 7)."""

from keyholder.domain.events import Event
from keyholder.domain.identifiers import OrganizationId, TenantId
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import known_providers, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.known_providers import Provider
from keyholder.services.organization_rows import administered
from keyholder.storage.models import Identity, Organization, OrganizationMember, ProviderRule

SWITCHED_OFF = _("Nobody can sign in with {provider} at present.")
NOT_LINKED = _("Link your own account with {provider} first: otherwise you would keep yourself out.")
NO_ADMIN_LINKED = _("No active admin of {organization} has linked their account with {provider}: nobody would come in to administer it.")


def choose(*, by: Caller, organization: OrganizationId, provider: str = "") -> None:
    """Let people to an organization's pages only through a provider, by its key; without one, by whatever way. Only its admins may.

    Decisions do not change. A session that was not proven by that provider keeps everything else, and opens the organization once its
    person has gone through the provider. Raises NotFound outside the organization and for a provider that there is not, Forbidden for who
    is not its admin, Conflict where nobody can sign in with it or whoever chooses it has not linked their own account with it.
    """
    chosen = known_providers.one(provider) if provider else None
    with acting(by, scopes.of_organizations(organization)) as act:
        row = administered(act.authority, organization)
        if chosen is not None:
            _refuse_lockout(act, row, chosen)
        _write(act, row, chosen)


def _write(act: Act, row: Organization, chosen: Provider | None) -> None:
    rule = ProviderRule.objects.filter(organization=row).first()
    before = rule.issuer if rule is not None else ""
    if before == (chosen.issuer if chosen is not None else ""):
        return
    if chosen is None and rule is not None:
        act.ledger.remove(rule)
    elif chosen is not None and rule is not None:
        act.ledger.change(rule, issuer=chosen.issuer)
    elif chosen is not None:
        act.ledger.add(ProviderRule(organization=row, issuer=chosen.issuer))
    action = "organization.provider_required" if chosen is not None else "organization.provider_left"
    details = {"organization": row.name, "provider": chosen.name if chosen is not None else before}
    act.record(Event(action, "organization", row.pk, details=details), tenant=TenantId(row.tenant_id))


def _refuse_lockout(act: Act, row: Organization, chosen: Provider) -> None:
    """Refuse a provider through which nobody would come in to change this again."""
    if not chosen.is_enabled:
        raise Conflict("switched_off", sentence(SWITCHED_OFF, provider=chosen.name), place="provider")
    linked = Identity.objects.filter(issuer=chosen.issuer)
    if act.by.principal is not None:
        if not linked.filter(user=act.by.principal).exists():
            raise Conflict("not_linked", sentence(NOT_LINKED, provider=chosen.name), place="provider")
        return
    admins = OrganizationMember.objects.filter(
        organization=row, role=OrganizationRole.ADMIN.value, user__status=Status.ACTIVE.value, user__in=linked.values("user")
    )
    if not admins.exists():
        raise Conflict("not_linked", sentence(NO_ADMIN_LINKED, organization=row.name, provider=chosen.name), place="provider")
