"""Worlds: state files as the engine's facts, for tests. Read by hand and on purpose not by the parser of the state file.

A test can so compare the two; names stay names, and numbers are given in the order of the file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from keyholder.domain.addresses import canon
from keyholder.domain.blueprint import Catalogue
from keyholder.domain.blueprint_files import builtin
from keyholder.domain.identifiers import BindingId, OrganizationId, PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Invalid
from keyholder.domain.windows import Window
from keyholder.engine.decision import Question
from keyholder.engine.facts import Binding, Facts, Membership, OrganizationMember, Principal, Resource, Suspension

VECTORS = Path(__file__).parent / "data" / "vectors"

Tree = Mapping[str, Any]


@dataclass
class World:
    """The facts of a state file and what its names stand for."""

    tree: Tree
    catalogue: Catalogue = field(default_factory=builtin)
    principals: dict[str, Principal] = field(default_factory=dict)
    """By canonical address, by ``ORGANIZATION/KEY`` of a group, by ``service:NAME`` of a service account."""
    resources: dict[ResourceRef, Resource] = field(default_factory=dict)
    organizations: dict[str, OrganizationId] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the tree."""
        numbers = count(1)
        organizations = self.tree.get("organizations", ())
        self.organizations = {o["key"]: OrganizationId(next(numbers)) for o in organizations}
        for user in self.tree.get("users", ()):
            self._add(canon(user["email"]), next(numbers), PrincipalKind.USER, active=user.get("status", "active") == "active")
        for account in self.tree.get("service_accounts", ()):
            self._add(f"service:{account['name']}", next(numbers), PrincipalKind.SERVICE_ACCOUNT)
        for organization in organizations:
            for group in organization.get("groups", ()):
                key = f"{organization['key']}/{group['key']}"
                self._add(key, next(numbers), PrincipalKind.GROUP, organization=self.organizations[organization["key"]])
        self._read_resources(numbers)
        for organization in organizations:
            for group in organization.get("groups", ()):
                self.memberships.extend(self._memberships(organization["key"], group))

    @property
    def facts(self) -> Facts:
        """Everything the file says."""
        return Facts(
            principals={p.id: p for p in self.principals.values()},
            resources={r.id: r for r in self.resources.values()},
            bindings=tuple(self._binding(number, row) for number, row in enumerate(self.tree.get("access", ()), 1)),
            memberships=tuple(self.memberships),
            organization_members=tuple(self._appointments()),
            suspensions=tuple(
                Suspension(self.organizations[o["key"]], self.user(email).id)
                for o in self.tree.get("organizations", ())
                for email in o.get("suspended", ())
            ),
        )

    def user(self, email: str) -> Principal:
        """Return a person by any writing of the address."""
        return self.principals[canon(email)]

    def at(self, ref: str) -> ResourceId:
        """Return the number of ``type:key``."""
        return self.resources[ResourceRef.parse(ref)].id

    def question(self, check: Tree) -> Question:
        """Read a check of a vector; whom or what nobody knows is asked about as None."""
        try:
            person = self.principals.get(canon(check["user"]))
        except Invalid:
            person = None
        resource = self.resources.get(ResourceRef.parse(check["resource"]))
        whom, where = person.id if person else None, resource.id if resource else None
        return Question(whom, where, check.get("permission", ""), check.get("action", ""))

    def _add(self, name: str, number: int, kind: PrincipalKind, *, active: bool = True, organization: OrganizationId | None = None) -> None:
        self.principals[name] = Principal(PrincipalId(number), kind, active, organization)

    def _read_resources(self, numbers: Iterable[int]) -> None:
        rows = {ResourceRef(row["type"], row["id"]): row for row in self.tree.get("resources", ())}
        ids = {ref: ResourceId(number) for ref, number in zip(rows, numbers, strict=False)}
        for ref, row in rows.items():
            parent = ids[ResourceRef.parse(row["parent"])] if "parent" in row else None
            organization = self.organizations[row["organization"]] if "organization" in row else None
            self.resources[ref] = Resource(ids[ref], ref, parent, organization, row.get("managed", True), "trashed" in row)

    def _memberships(self, organization: str, group: Tree) -> Iterable[Membership]:
        own = self.principals[f"{organization}/{group['key']}"].id
        for row in group.get("members", ()):
            member = row if isinstance(row, Mapping) else {"user": row}
            yield Membership(own, self.user(member["user"]).id, window(member))
        for row in group.get("groups", ()):
            nested = row if isinstance(row, Mapping) else {"group": row}
            yield Membership(own, self.principals[f"{organization}/{nested['group']}"].id, window(nested))

    def _binding(self, number: int, row: Tree) -> Binding:
        blueprint = self.catalogue.of(ResourceRef.parse(row["resource"]).type)
        role = row.get("role", "")
        mask = blueprint.roles[role].mask if role else blueprint.mask(row["permissions"])
        return Binding(BindingId(number), self._holder(row).id, self.at(row["resource"]), mask, role, window(row))

    def _holder(self, row: Tree) -> Principal:
        if "group" in row:
            return self.principals[row["group"]]
        return self.principals[f"service:{row['service_account']}"] if "service_account" in row else self.user(row["user"])

    def _appointments(self) -> Iterable[OrganizationMember]:
        lists = {"admins": OrganizationRole.ADMIN, "user_admins": OrganizationRole.USER_ADMIN}
        for organization in self.tree.get("organizations", ()):
            for name, role in lists.items():
                for email in organization.get(name, ()):
                    yield OrganizationMember(self.organizations[organization["key"]], self.user(email).id, role)


def window(row: Tree) -> Window:
    """Read ``from`` and ``until``."""
    return Window(moment(row["from"]) if "from" in row else None, moment(row["until"]) if "until" in row else None)


def moment(text: str) -> datetime:
    """Read a time of a state file."""
    return datetime.fromisoformat(text)


@cache
def vectors(name: str) -> Any:
    """Load one file of vectors; nobody changes what it returns."""
    return YAML(typ="safe", pure=True).load((VECTORS / name).read_text("utf-8"))
