"""Authority: asking the engine, inside the writing transaction, whether the caller may (PEP).

404 before 403: what the caller may not see does not exist. One function judges what a command gives away (semantics 4).
"""

from collections.abc import Iterable
from datetime import datetime

from keyholder.domain.blueprint import Blueprint, Catalogue, Grants, Mask
from keyholder.domain.events import Channel
from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.refusals import Forbidden, NotFound
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.engine.decision import Question, check, effective, local
from keyholder.services.caller import Caller
from keyholder.services.closed import require_open
from keyholder.services.warrants import Matter, Warrants
from keyholder.storage import guards, slices, visibility
from keyholder.storage.models import Group, GroupOwner, OrganizationMember, OrganizationSuspension, Principal, Resource, User

NOWHERE = "/-1/"
"""The path of no resource."""
NOT_THERE = _("There is no such thing here, or it is not yours to see.")
LACKS = _('This needs "{permission}" at {resource}, which you do not hold there.')
NOT_OWN = _('Only somebody who holds "{permission}" at {resource} itself can do this.')
NOT_HELD = _('You can give only what you hold yourself: at {resource} you lack "{permission}".')
NOT_OWNER = _("Members of {group} are managed by its owners and by the admins of its organization.")
NOT_ADMIN = _("Only an admin of {organization} can do this.")
NOT_OPERATOR = _("Only an operator can do this.")
NOT_SIGNED_IN = _("This needs somebody who is signed in.")
SUSPENDED = _("You are suspended and can't change anything.")


def not_there() -> NotFound:
    """Make the one refusal for what does not exist and for what the caller may not see."""
    return NotFound("not_found", sentence(NOT_THERE))


class Authority:
    """What one caller may do, read fresh from the rows of the transaction it is asked in."""

    def __init__(self, by: Caller, catalogue: Catalogue) -> None:
        """Ask on behalf of this caller. Raises Forbidden for somebody who is not signed in (I-AZ-10)."""
        if by.principal is None and not by.is_instance:
            raise Forbidden("not_signed_in", sentence(NOT_SIGNED_IN))
        self.by = by
        self.catalogue = catalogue
        self.warrants = Warrants()

    def require_active(self) -> None:
        """Raise Forbidden for a person who was suspended, or whoever was deleted, since the door let them in (I-AZ-4, R-SES-2)."""
        if self.by.is_instance:
            return
        alive = Principal.objects.filter(pk=self._me, deleted_at__isnull=True).exclude(user__status=Status.SUSPENDED.value)
        if not alive.exists():
            raise Forbidden("suspended", sentence(SUSPENDED))

    def see(self, resource: Resource) -> None:
        """Raise NotFound where the resource does not exist for the caller (semantics 3); one without a manager exists for an operator."""
        if self.by.is_instance:
            return
        if not (visibility.exists_for(self._me, resource.path, self.by.at) or (self.is_operator() and resource.awaiting_manager)):
            raise not_there()
        require_open(self.by, tenant=resource.tenant_id)

    def seen(self, resource: Resource | None) -> Resource:
        """Return a resource that exists for the caller, else raise NotFound: with as many queries for one that nobody has (R-ENU-1)."""
        self.see(resource or Resource(path=NOWHERE))
        if resource is None:
            raise not_there()
        return resource

    def sees_more_than_the_name(self, of: Resource) -> bool:
        """Say whether a resource that the caller sees is more than a name to them: who was only invited sees nothing else (semantics 3)."""
        if self.by.is_instance or visibility.concerns(self._me, of.path, self.by.at):
            return True
        return bool(of.awaiting_manager) and self.is_operator()

    def require(self, permission: str, on: Resource) -> None:
        """Raise unless the caller holds a permission, effectively, at a resource: NotFound before Forbidden."""
        if self.by.is_instance:
            return
        self.see(on)
        if not self.held(on) & self.catalogue.of(on.type).permissions[permission].mask:
            raise Forbidden("lacks_permission", sentence(LACKS, permission=self.catalogue.of(on.type).called(permission), resource=on.name))

    def require_granting(self, on: Resource) -> None:
        """Raise unless the caller holds the blueprint's granting permission at a resource."""
        self.require(self.catalogue.of(on.type).granting, on)

    def require_action(self, action: str, on: Resource) -> None:
        """Raise unless the caller may do one of the blueprint's actions, judged as the engine judges it; unknown ones nobody may."""
        if self.by.is_instance:
            return
        self.see(on)
        here = ResourceId(on.pk)
        facts = slices.of([self._me], [here])
        if not check(facts, self.catalogue, Question(self._me, here, action=action), self.by.at).allowed:
            blueprint = self.catalogue.of(on.type)
            found = blueprint.actions.get(action)
            raise Forbidden(
                "lacks_permission", sentence(LACKS, permission=blueprint.called(found.permission) if found else action, resource=on.name)
            )

    def require_own_granting(self, on: Resource) -> None:
        """Raise unless the caller holds the granting permission at a resource by a binding there, not by what comes from above."""
        self.require_granting(on)
        if self.by.is_instance:
            return
        blueprint = self.catalogue.of(on.type)
        facts = slices.of([self._me], [ResourceId(on.pk)])
        if not local(facts, self.catalogue, self._me, ResourceId(on.pk), self.by.at) & blueprint.granting_mask:
            raise Forbidden("lacks_permission", sentence(NOT_OWN, permission=blueprint.called(blueprint.granting), resource=on.name))
        self.warrants.allow(Matter.EDGE, on.pk)

    def confer(self, mask: int, on: Resource) -> None:
        """Raise unless the caller may give these permissions away at a resource: one rule for every door (R-PRV-1)."""
        blueprint = self.catalogue.of(on.type)
        if not self._appoints(mask, on):
            self.require_granting(on)
            self._refuse_not_held(mask, on, blueprint)
        self.warrants.give(on.pk, blueprint.closure(mask))

    def concede(self, mask: int, on: Resource) -> None:
        """Allow what needs nobody's authority: what comes with a node's creation (R035), what only gets a shorter window."""
        self.warrants.give(on.pk, self.catalogue.of(on.type).closure(mask))

    def _refuse_not_held(self, mask: int, on: Resource, blueprint: Blueprint) -> None:
        if self.by.is_instance or blueprint.grants is Grants.ANY:
            return
        missing = blueprint.closure(mask) & ~self.held(on)
        if missing:
            raise Forbidden("not_held", sentence(NOT_HELD, resource=on.name, permission=blueprint.called(blueprint.names(missing)[0])))

    def _appoints(self, mask: int, on: Resource) -> bool:
        """Say whether this gives a resource that awaits a manager one: an operator and its organization's admins may (semantics 4)."""
        if self.by.is_instance or not on.awaiting_manager:
            return False
        kind, blueprint = self.catalogue.types[on.type], self.catalogue.of(on.type)
        roles = [role.mask for role in blueprint.roles.values() if role.name in kind.roles and role.mask & blueprint.granting_mask]
        if mask not in {blueprint.granting_mask, *roles} or guards.managed([ResourceId(on.pk)], self.catalogue, self.by.at):
            return False
        return self.is_operator() or (on.organization_id is not None and self.is_admin(OrganizationId(on.organization_id)))

    def held(self, on: Resource) -> Mask:
        """Return the caller's effective set at a resource."""
        facts = slices.of([self._me], [ResourceId(on.pk)])
        return effective(facts, self.catalogue, self._me, ResourceId(on.pk), self.by.at)

    def is_operator(self) -> bool:
        """Say whether the caller is the instance or an active operator."""
        return self.by.is_instance or User.objects.filter(pk=self._me, is_operator=True, status=Status.ACTIVE.value).exists()

    def require_operator(self) -> None:
        """Raise unless the caller is the instance or an active operator."""
        if self.is_operator():
            self.warrants.allow(Matter.INSTANCE)
            return
        raise Forbidden("not_operator", sentence(NOT_OPERATOR))

    def is_admin(self, organization: OrganizationId, *roles: OrganizationRole) -> bool:
        """Say whether the caller is an active admin (or one of these roles) of an organization; the instance always is.

        The role of who is suspended within the organization sleeps.
        """
        if self.by.is_instance:
            return True
        wanted = [role.value for role in roles or (OrganizationRole.ADMIN,)]
        rows = OrganizationMember.objects.filter(
            organization=organization, user=self._me, role__in=wanted, user__status=Status.ACTIVE.value
        )
        found = rows.exists() and not self._is_suspended_in(organization)
        if found:
            self.warrants.allow(Matter.ORGANIZATION if wanted == [OrganizationRole.ADMIN.value] else Matter.PEOPLE, organization)
        return found

    def manages_groups_of(self, organization: OrganizationId) -> bool:
        """Say whether the caller is an admin or user admin of an organization."""
        return self.is_admin(organization, OrganizationRole.ADMIN, OrganizationRole.USER_ADMIN)

    def owns(self, group: Group) -> bool:
        """Say whether the caller manages a group's members: its owner, or an admin or user admin of its organization (R080)."""
        if self.manages_groups_of(OrganizationId(group.organization_id)):
            return True
        owners = GroupOwner.objects.filter(group=group, user=self._me, user__status=Status.ACTIVE.value)
        return owners.exists() and not self._is_suspended_in(OrganizationId(group.organization_id))

    def require_owner(self, group: Group) -> None:
        """Raise unless the caller manages a group's members: NotFound outside the organization (R081), else Forbidden."""
        if self.owns(group):
            require_open(self.by, organization=group.organization_id)
            self.warrants.allow(Matter.GROUP, group.pk)
            return
        if not visibility.group_exists_for(self._me, PrincipalId(group.pk), self.by.at):
            raise not_there()
        raise Forbidden("not_owner", sentence(NOT_OWNER, group=group.name))

    def _is_suspended_in(self, organization: OrganizationId) -> bool:
        return OrganizationSuspension.objects.filter(organization=organization, user=self._me).exists()

    @property
    def _me(self) -> PrincipalId:
        if self.by.principal is None:
            message = "the instance has no principal of its own"
            raise AssertionError(message)
        return self.by.principal


def of_another(person: PrincipalId, at: datetime, catalogue: Catalogue) -> Authority:
    """Return what somebody else than the caller may do at a moment: a giver, the maker of a link, the reader of a letter."""
    return Authority(Caller(person, at, Channel.SYSTEM), catalogue)


def name_of(principal: PrincipalId | None) -> str:
    """Return the name of a principal as it is shown; the operator's command line has its own."""
    if principal is None:
        return "operator"
    return names_of([principal]).get(principal, "")


def names_of(principals: Iterable[PrincipalId]) -> dict[PrincipalId, str]:
    """Return the names of several principals, those that exist."""
    rows = Principal.objects.filter(pk__in=list(principals)).values_list("pk", "user__name", "group__name", "service_account__name")
    return {PrincipalId(pk): user or group or service or "" for pk, user, group, service in rows}
