"""An organization that had an active admin keeps one, and so does the instance its operator (semantics 4, I-MG-2)."""

from collections.abc import Iterator, Mapping

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
    roles = [c for c in act.ledger.written if c.noun == "organization_member"]
    new = {_pair(c.after) for c in roles if c.before is None and c.after}
    dismissed = {_pair(c.before) for c in roles if c.before and c.before["role"] == OrganizationRole.ADMIN.value}
    admins = OrganizationMember.objects.filter(role=OrganizationRole.ADMIN.value)
    asleep = set(admins.filter(user__in=everywhere).values_list("organization_id", "user_id"))
    asleep |= {pair for pair in within if admins.filter(organization=pair[0], user=pair[1]).exists()}
    lost = dismissed | (asleep - new)
    return {OrganizationId(pair[0]) for pair in lost if _was_awake(pair, everywhere, within)}


def _was_awake(pair: tuple[int, int], everywhere: set[int], within: set[tuple[int, int]]) -> bool:
    """Say whether a person was suspended neither everywhere nor within an organization before this act."""
    organization, user = pair
    active = user in everywhere or User.objects.filter(pk=user, status=Status.ACTIVE.value).exists()
    return active and (pair in within or not OrganizationSuspension.objects.filter(organization=organization, user=user).exists())


def _pair(row: Mapping[str, object]) -> tuple[int, int]:
    """Return the organization and the person of a row."""
    return int(str(row["organization_id"])), int(str(row["user_id"]))


def _newly_suspended_within(act: Act) -> set[tuple[int, int]]:
    """Return the pairs of organization and person that this act suspends."""
    written = (c.after for c in act.ledger.written if c.noun == "organization_suspension" and c.after)
    return {_pair(row) for row in written}


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
