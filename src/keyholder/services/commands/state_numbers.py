"""Numbers: the rows that the names of a state file stand for, looked up once and kept up while the file is applied."""

from keyholder.domain.identifiers import PrincipalKind, ResourceRef
from keyholder.domain.names import name_key
from keyholder.domain.state import PrincipalRef, group_ref
from keyholder.storage.models import Group, Organization, Resource, ServiceAccount, User


class Numbers:
    """People by canonical address, groups by reference, service accounts by name key, organizations by key, resources by type and key."""

    def __init__(self) -> None:
        """Look everything up: one query for each table."""
        self.users: dict[str, int] = dict(User.objects.values_list("canonical", "pk"))
        self.names: dict[int, str] = dict(User.objects.values_list("pk", "name"))
        self.services: dict[str, int] = dict(ServiceAccount.objects.values_list("name_key", "pk"))
        self.organizations: dict[str, Organization] = {row.key: row for row in Organization.objects.select_related("tenant")}
        self.groups: dict[PrincipalRef, Group] = {
            group_ref(row.organization.key, row.key): row for row in Group.objects.select_related("organization")
        }
        self.resources: dict[ResourceRef, Resource] = {
            ResourceRef(row.type, row.key): row for row in Resource.objects.select_related("tenant")
        }
        self.names |= {row.pk: row.name for row in self.groups.values()} | dict(ServiceAccount.objects.values_list("pk", "name"))

    def principal(self, ref: PrincipalRef) -> int:
        """Return the number of a principal."""
        if ref.kind is PrincipalKind.USER:
            return self.users[ref.key]
        return self.groups[ref].pk if ref.kind is PrincipalKind.GROUP else self.services[name_key(ref.key)]
