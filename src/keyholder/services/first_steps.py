"""First steps: the check-list of somebody who has begun to manage: a second manager, a policy, groups; each done or not, and how."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from keyholder.domain.identifiers import OrganizationId
from keyholder.domain.policies import PolicyMode
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.services.read_models import OrganizationView, ResourceView
from keyholder.storage.models import Organization

SECOND = _("A second manager")
SECOND_HOW = _("{resource} has fewer than two managers. Give somebody else the right to manage its users: the last manager can't leave.")
SECOND_DONE = _("Every account of yours has two managers or more.")
ORGANIZATION = _("An organization")
ORGANIZATION_HOW = _("Create an organization and link your accounts to it: groups and a user policy need one.")
POLICY = _("A user policy")
POLICY_HOW = _("Say whom {organization} takes: by domain and by address.")
POLICY_DONE = _("Every organization of yours has a user policy.")
GROUPS = _("Groups")
GROUPS_HOW = _("Make a group in {organization}: people who need the same get it together and lose it together.")
GROUPS_DONE = _("Every organization of yours has groups.")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the list; where it is to be done: an account or an organization, None where it is done or there is no place yet."""

    code: str
    """``second_manager``, ``organization``, ``policy`` or ``groups``."""
    title: Sentence
    how: Sentence
    is_done: bool
    account: ResourceView | None = None
    organization: OrganizationView | None = None


def steps(
    organizations: Sequence[Organization], grouped: Collection[OrganizationId], lacking: Sequence[ResourceView], *, manages: bool
) -> tuple[Step, ...]:
    """Return the list for who manages something or administers an organization; empty for everybody else, and once all is done.

    ``grouped`` are the organizations with groups, ``lacking`` accounts with one manager or none.
    """
    if not manages and not organizations:
        return ()
    found = [_second_manager(lacking)] if manages else []
    if organizations:
        strict = {OrganizationId(row.pk) for row in organizations if row.policy_mode != PolicyMode.ANYBODY.value}
        found.append(_of_all("policy", POLICY, POLICY_HOW, POLICY_DONE, organizations, strict))
        found.append(_of_all("groups", GROUPS, GROUPS_HOW, GROUPS_DONE, organizations, grouped))
    else:
        found.append(Step("organization", sentence(ORGANIZATION), sentence(ORGANIZATION_HOW), is_done=False))
    return () if all(step.is_done for step in found) else tuple(found)


def _second_manager(lacking: Sequence[ResourceView]) -> Step:
    if not lacking:
        return Step("second_manager", sentence(SECOND), sentence(SECOND_DONE), is_done=True)
    return Step("second_manager", sentence(SECOND), sentence(SECOND_HOW, resource=lacking[0].name), is_done=False, account=lacking[0])


def _of_all(
    code: str, title: str, how: str, done: str, organizations: Sequence[Organization], fulfilled: Collection[OrganizationId]
) -> Step:
    """Return a step that is done when every organization has what it asks for; it points to the first that has not."""
    for row in organizations:
        if OrganizationId(row.pk) not in fulfilled:
            place = OrganizationView(OrganizationId(row.pk), row.key, row.name)
            return Step(code, sentence(title), sentence(how, organization=row.name), is_done=False, organization=place)
    return Step(code, sentence(title), sentence(done), is_done=True)
