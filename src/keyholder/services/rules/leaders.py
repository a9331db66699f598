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
    """Return the organizations that lost an admin who was active before: dismissed, suspended everywhere or within, or deleted."""
    everywhere, within = _newly_inactive(act), _newly_suspended_within(act)
    roles = [c for c in act.ledger.written if c.noun == "organization_member"]
    new = {_pair(c.after) for c in roles if c.before is None and c.after}
    dismissed = {_pair(c.before) for c in roles if c.before and c.before["role"] == OrganizationRole.ADMIN.value}
    admins = OrganizationMember.objects.filter(role=OrganizationRole.ADMIN.value)
    asleep = set(admins.filter(user__in=everywhere).values_list("organization_id", "user_id"))
    asleep |= {pair for pair in within if admins.filter(organization=pair[0], user=pair[1]).exists()}
    lost = (dismissed | (asleep - new)) - _formerly_suspended_within(act)
    return {OrganizationId(pair[0]) for pair in lost if _was_awake(pair, everywhere, within)}


def _was_awake(pair: tuple[int, int], everywhere: set[int], within: set[tuple[int, int]]) -> bool:
    """Say whether a person was suspended neither everywhere nor within an organization before this act, which ends no suspension."""
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


def _formerly_suspended_within(act: Act) -> set[tuple[int, int]]:
    """Return the pairs of organization and person whose suspension this act ends: until now they counted for nothing there."""
    return {_pair(c.before) for c in act.ledger.written if c.noun == "organization_suspension" and c.before}


def _newly_inactive(act: Act) -> set[int]:
    """Return who was active before this act and is suspended or gone after it."""
    active = Status.ACTIVE.value
    users = ((c.id, c.before, c.after) for c in act.ledger.written if c.noun == "user")
    return {pk for pk, before, after in users if before and before["status"] == active and (after is None or after["status"] != active)}


def _lost_operator(act: Act) -> bool:
    inactive = _newly_inactive(act)
    return any(
        c.before["is_operator"] and (c.after is None or not c.after["is_operator"] or c.id in inactive)
        for c in act.ledger.written
        if c.noun == "user" and c.before
    )
