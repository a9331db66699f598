"""Rows written straight into the tables, past every command: drawn worlds for the laws, and crowds for counting queries."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import PrincipalId, PrincipalKind
from keyholder.domain.names import name_key
from keyholder.domain.principals import Status
from keyholder.engine.facts import Binding as Bound
from keyholder.engine.facts import Facts
from keyholder.engine.facts import Resource as Node
from keyholder.storage.models import (
    Binding,
    Group,
    Membership,
    Organization,
    OrganizationMember,
    OrganizationSuspension,
    Principal,
    Resource,
    ServiceAccount,
    Tenant,
    User,
)
from tests.cast import NOW

TABLES: tuple[type[Model], ...] = (
    Binding,
    Membership,
    OrganizationMember,
    OrganizationSuspension,
    Resource,
    Group,
    ServiceAccount,
    User,
    Principal,
    Organization,
)
"""In the order in which they can be emptied."""


@contextmanager
def stored(facts: Facts, catalogue: Catalogue) -> Iterator[None]:
    """Keep a world in the tables, under its own numbers; what no table can hold (what hangs in the air, repeats) is left out."""
    tenant = Tenant.objects.create(kind="root")
    numbers = {o for o in (*(r.organization for r in facts.resources.values()), *facts.groups.values()) if o is not None}
    numbers |= {row.organization for rows in (facts.organization_members, facts.suspensions) for row in rows}
    for number in numbers:
        home = Tenant.objects.create(kind="organization")
        Organization.objects.create(pk=number, key=f"o{number}", name=f"O{number}", name_key=f"o{number}", tenant=home)
    _principals(facts)
    paths: dict[int, str] = {}
    for node in facts.resources.values():  # parents stand first
        paths[node.id] = f"{paths.get(node.parent or 0, '/')}{node.id}/"
        _resource(node, paths[node.id], tenant, catalogue)
    _access(facts, catalogue)
    try:
        yield
    finally:
        Resource.objects.update(parent=None)
        for table in TABLES:
            table._default_manager.all().delete()


def _principals(facts: Facts) -> None:
    for principal in facts.principals.values():
        Principal.objects.create(pk=principal.id, kind=principal.kind.value)
        name = f"P{principal.id}"
        if principal.kind is PrincipalKind.USER:
            user(principal.id, name, active=principal.active).save(force_insert=True)
        elif principal.organization is not None:
            Group.objects.create(pk=principal.id, organization_id=principal.organization, key=name, name=name, name_key=name_key(name))
        else:
            ServiceAccount.objects.create(pk=principal.id, name=name, name_key=name_key(name))


def user(number: int, name: str, *, active: bool = True) -> User:
    """Make a person's row, not saved yet."""
    address = f"{name_key(name).replace(' ', '.')}@acme.example"
    status = Status.ACTIVE if active else Status.SUSPENDED
    key = name_key(name)
    return User(
        pk=number,
        email=address,
        canonical=address,
        name=name,
        name_key=key,
        search_key=f"{key} {address}",
        status=status.value,
        password="!",
    )


def _resource(node: Node, path: str, tenant: Tenant, catalogue: Catalogue) -> None:
    Resource.objects.create(
        pk=node.id,
        type=node.ref.type,
        key=node.ref.key,
        name=f"R{node.id}",
        name_key=f"r{node.id}",
        parent_id=node.parent,
        path=path,
        organization_id=node.organization,
        managed=node.open if catalogue.types[node.ref.type].closable else None,
        trashed_at=NOW if node.trashed else None,
        tenant=tenant,
    )


def _access(facts: Facts, catalogue: Catalogue) -> None:
    once: dict[object, Bound] = {(b.principal, b.resource, b.window): b for b in facts.bindings}
    for bound in once.values():
        if bound.principal in facts.principals and bound.resource in facts.resources:
            _binding(bound, facts, catalogue).save(force_insert=True)
    for edge in dict.fromkeys(facts.memberships):
        if edge.group in facts.groups and edge.member in facts.principals and edge.group != edge.member:
            Membership.objects.create(
                group_id=edge.group, member_id=edge.member, starts_at=edge.window.starts_at, ends_at=edge.window.ends_at
            )
    for (organization, person), role in {(m.organization, m.user): m.role for m in facts.organization_members}.items():
        OrganizationMember.objects.create(organization_id=organization, user_id=person, role=role.value)
    for held in dict.fromkeys(facts.suspensions):
        OrganizationSuspension.objects.create(organization_id=held.organization, user_id=held.user)


def _binding(bound: Bound, facts: Facts, catalogue: Catalogue) -> Binding:
    blueprint = catalogue.of(facts.resources[bound.resource].ref.type)
    return Binding(
        pk=bound.id,
        principal_id=bound.principal,
        resource_id=bound.resource,
        role=bound.role,
        permissions="" if bound.role else " ".join(blueprint.names(bound.mask)),
        mask=bound.mask,
        starts_at=bound.window.starts_at,
        ends_at=bound.window.ends_at,
    )


def crowd(count: int, *, name: str = "Guest") -> list[PrincipalId]:
    """Make many people at once: Guest 1, Guest 2, ..."""
    principals = Principal.objects.bulk_create([Principal(kind=PrincipalKind.USER.value) for _ in range(count)], batch_size=500)
    made = [user(principal.pk, f"{name} {principal.pk}") for principal in principals]
    User.objects.bulk_create(made, batch_size=200)
    return [PrincipalId(row.pk) for row in made]


def queries(act: Callable[[], object]) -> int:
    """Return how many statements an act sends."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)
