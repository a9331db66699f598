"""An organization that had an active admin keeps one, and so does the instance its operator (semantics 4, I-MG-2)."""

from collections.abc import Iterator

from keyholder.domain.identifiers import OrganizationId
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.act import Act
from keyholder.storage import guards
from keyholder.storage.models import Organization, OrganizationMember, OrganizationSuspension, User

LAST_ADMIN = _("The last admin stays: {organization} would be left without an active admin. Appoint another one first.")
LAST_OPERATOR = _("The last operator stays: nobody active would be left to run this instance. Make somebody else an operator first.")


def refusals(act: Act) -> Iterator[Conflict]:
    """Refuse what takes an organization's last active admin, or the instance's last active operator."""
    bereft = guards.organizations_without_admin(_organizations(act)) if act.ledger.written else set()
    for row in Organization.objects.filter(pk__in=bereft).order_by("pk"):
        yield Conflict("last_admin", sentence(LAST_ADMIN, organization=row.name))
    if _lost_operator(act) and not guards.has_operator():
        yield Conflict("last_operator", sentence(LAST_OPERATOR))


def _organizations(act: Act) -> set[OrganizationId]:
    """Return the organizations that lost an admin who was active before: dismissed, or suspended everywhere or within."""
    everywhere, within = _newly_suspended(act), _newly_suspended_within(act)
    admins = OrganizationMember.objects.filter(role=OrganizationRole.ADMIN.value)
    led = set(admins.filter(user__in=everywhere).values_list("organization_id", flat=True))
    led |= {organization for organization, user in within if admins.filter(organization=organization, user=user).exists()}
    for change in act.ledger.written:
        if change.noun != "organization_member" or not change.before or change.before["role"] != OrganizationRole.ADMIN.value:
            continue
        organization, user = int(str(change.before["organization_id"])), int(str(change.before["user_id"]))
        active = user in everywhere or User.objects.filter(pk=user, status=Status.ACTIVE.value).exists()
        slept = OrganizationSuspension.objects.filter(organization=organization, user=user).exists() and (organization, user) not in within
        if active and not slept:
            led.add(organization)
    return {OrganizationId(pk) for pk in led}


def _newly_suspended_within(act: Act) -> set[tuple[int, int]]:
    """Return the pairs of organization and person that this act suspends."""
    written = (c.after for c in act.ledger.written if c.noun == "organization_suspension" and c.after)
    return {(int(str(row["organization_id"])), int(str(row["user_id"]))) for row in written}


def _newly_suspended(act: Act) -> set[int]:
    return {
        c.id
        for c in act.ledger.written
        if c.noun == "user"
        and c.before
        and c.after
        and (c.before["status"], c.after["status"]) == (Status.ACTIVE.value, Status.SUSPENDED.value)
    }


def _lost_operator(act: Act) -> bool:
    suspended = _newly_suspended(act)
    return any(
        c.before["is_operator"] and (not c.after["is_operator"] or c.id in suspended)
        for c in act.ledger.written
        if c.noun == "user" and c.before and c.after
    )
