"""The state as the database holds it, in a fixed number of queries: what ``export`` prints and ``plan`` compares with (contract 3)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from keyholder.domain.blueprint import ResourceType
from keyholder.domain.identifiers import PrincipalKind, ResourceRef
from keyholder.domain.names import name_key
from keyholder.domain.policies import PolicyMode, violation
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.state import (
    AccessState,
    AssetState,
    GroupState,
    IdentitySource,
    MemberState,
    NestedState,
    OrganizationState,
    PrincipalRef,
    ResourceState,
    ServiceAccountState,
    State,
    UserState,
    group_ref,
    user_ref,
)
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.policies import policy_of
from keyholder.storage import acquaintance, blueprints, lineages, locks
from keyholder.storage.models import (
    AppliedAsset,
    Asset,
    Binding,
    Group,
    GroupOwner,
    Membership,
    Organization,
    OrganizationMember,
    OrganizationSuspension,
    Resource,
    ServiceAccount,
    User,
)
from keyholder.storage.models.columns import Windowed


def current(*, by: Caller) -> State:
    """Return everything a state file can hold, as of one moment. Raises Forbidden for anybody but an operator."""
    Authority(by, blueprints.catalogue()).require_operator()
    with locks.snapshot():
        return _Reading().state()


class _Reading:
    """One reading of all tables; names are looked up by number."""

    def __init__(self) -> None:
        self.users = dict(User.objects.values_list("pk", "canonical"))
        self.services = dict(ServiceAccount.objects.values_list("pk", "name"))
        self.organizations = {row.pk: row for row in Organization.objects.all()}
        self.groups = {row.pk: row for row in Group.objects.all()}
        self.resources = {row.pk: row for row in Resource.objects.all()}
        self.levels = blueprints.catalogue().types
        self.refs = {pk: ResourceRef(row.type, row.key) for pk, row in self.resources.items()}
        self.beside = _roles_beside(self.levels)

    def state(self) -> State:
        violators = _violators(self.organizations.values())
        return State(
            organizations=self._organizations(),
            users=tuple(
                UserState(row.email, row.canonical, row.name, Status(row.status), outside_policy=row.pk in violators)
                for row in User.objects.all()
            ),
            service_accounts=tuple(ServiceAccountState(name) for name in self.services.values()),
            resources=tuple(self._resource(row) for row in self.resources.values()),
            access=tuple(self._access(row) for row in Binding.objects.all().iterator(chunk_size=5000)),
            assets=self._assets(),
        )

    def _organizations(self) -> tuple[OrganizationState, ...]:
        people: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        for organization, user, role in OrganizationMember.objects.values_list("organization_id", "user_id", "role"):
            people[organization, role].append(self.users[user])
        for organization, user in OrganizationSuspension.objects.values_list("organization_id", "user_id"):
            people[organization, "suspended"].append(self.users[user])
        groups = self._groups()
        return tuple(
            OrganizationState(
                key=row.key,
                name=row.name,
                admins=tuple(people[pk, OrganizationRole.ADMIN.value]),
                user_admins=tuple(people[pk, OrganizationRole.USER_ADMIN.value]),
                suspended=tuple(people[pk, "suspended"]),
                identity_source=IdentitySource(row.identity_source),
                policy=policy_of(row),
                groups=tuple(groups[pk]),
            )
            for pk, row in self.organizations.items()
        )

    def _groups(self) -> Mapping[int, list[GroupState]]:
        owners: defaultdict[int, list[str]] = defaultdict(list)
        for group, user in GroupOwner.objects.values_list("group_id", "user_id"):
            owners[group].append(self.users[user])
        members: defaultdict[int, list[MemberState]] = defaultdict(list)
        nested: defaultdict[int, list[NestedState]] = defaultdict(list)
        for row in Membership.objects.all().iterator(chunk_size=5000):
            if row.member_id in self.users:
                members[row.group_id].append(MemberState(self.users[row.member_id], _window(row)))
            else:
                nested[row.group_id].append(NestedState(self.groups[row.member_id].key, _window(row)))
        found: defaultdict[int, list[GroupState]] = defaultdict(list)
        for pk, home in self.groups.items():
            state = GroupState(home.key, home.name, home.description, tuple(owners[pk]), tuple(members[pk]), tuple(nested[pk]))
            found[home.organization_id].append(state)
        return found

    def _resource(self, row: Resource) -> ResourceState:
        return ResourceState(
            ref=self.refs[row.pk],
            name=row.name,
            parent=None if row.parent_id is None else self.refs[row.parent_id],
            organization=None if row.organization_id is None else self.organizations[row.organization_id].key,
            managed=row.managed is not False,
            awaiting_manager=row.awaiting_manager and self.levels[row.type].account_level,
            trashed=row.trashed_at,
        )

    def _access(self, row: Binding) -> AccessState:
        return AccessState(
            self._principal(row.principal_id),
            self.refs[row.resource_id],
            tuple(row.permissions.split()),
            row.role,
            _window(row),
            without_role=self._lacks_role(row),
        )

    def _lacks_role(self, row: Binding) -> bool:
        """Say whether a binding is an assignment whose person has, in whatever window, no role beside which it counts."""
        place = self.resources[row.resource_id]
        if self.levels[place.type].assignment is None:
            return False
        return not any((row.principal_id, number) in self.beside[place.type] for number in lineages.numbers(place.path))

    def _assets(self) -> tuple[AssetState, ...]:
        used: defaultdict[int, list[ResourceRef]] = defaultdict(list)
        for asset, resource in AppliedAsset.objects.values_list("asset_id", "resource_id"):
            used[asset].append(self.refs[resource])
        return tuple(
            AssetState(
                resource=self.refs[row.resource_id],
                kind=row.kind,
                name=row.name,
                owner=None if row.owner_id is None else self._principal(row.owner_id),
                description=row.description,
                body=row.body,
                marked=row.marked,
                applied=tuple(used[row.pk]),
            )
            for row in Asset.objects.all().iterator(chunk_size=5000)
        )

    def _principal(self, pk: int) -> PrincipalRef:
        if pk in self.users:
            return user_ref(self.users[pk])
        if pk in self.groups:
            group = self.groups[pk]
            return group_ref(self.organizations[group.organization_id].key, group.key)
        return PrincipalRef(PrincipalKind.SERVICE_ACCOUNT, name_key(self.services[pk]))


def _roles_beside(types: Mapping[str, ResourceType]) -> Mapping[str, set[tuple[int, int]]]:
    """Return, for each type whose things are assigned, who has the role beside which that counts, and where."""
    rules = {kind.name: kind.assignment for kind in types.values() if kind.assignment is not None}
    return {
        name: set(Binding.objects.filter(role=rule.role, resource__type=rule.at).values_list("principal_id", "resource_id"))
        for name, rule in rules.items()
    }


def _window(row: Windowed) -> Window:
    return ALWAYS if row.starts_at is None and row.ends_at is None else Window(row.starts_at, row.ends_at)


def _violators(organizations: Iterable[Organization]) -> set[int]:
    """Return the people inside an organization whose enforced policy keeps them out: tolerated, for they were there before (R088)."""
    found: set[int] = set()
    for organization in organizations:
        if organization.policy_mode == PolicyMode.ENFORCED.value:
            policy = policy_of(organization)
            people = User.objects.filter(pk__in=acquaintance.all_of(organization.tenant_id)).values_list(
                "pk", "canonical", "email_verified"
            )
            found |= {pk for pk, canonical, verified in people.iterator() if violation(policy, canonical, verified=verified)}
    return found
