"""What the database itself refuses, whoever asks: what must never be false is written where it cannot be (rule 7 of the house)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from keyholder.storage.models import (
    Binding,
    FeedEntry,
    Group,
    GroupOwner,
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
from tests.cast import NOW, Cast
from tests.undone import undone

LATER = NOW + timedelta(days=1)
NOBODY = 9999
Row = Callable[[Cast], object]


def tenant() -> Tenant:
    return Tenant.objects.create(kind="root")


def bound(cast: Cast, **columns: Any) -> Binding:
    """Write a binding of Dan at the view."""
    row: dict[str, Any] = {"principal_id": cast.dan, "resource_id": cast.view, "permissions": "edit", "mask": 4, **columns}
    return Binding.objects.create(**row)


def user(**columns: Any) -> User:
    """Write a person."""
    row: dict[str, Any] = {"email": "e@x.y", "canonical": "e@x.y", "name": "Eve", "name_key": "eve", "search_key": "eve", **columns}
    return User.objects.create(principal=Principal.objects.create(kind="user"), **row)


def organization(**columns: Any) -> Organization:
    """Write an organization."""
    return Organization.objects.create(**{"key": "bolt", "name": "Bolt", "name_key": "bolt", "tenant": tenant(), **columns})


def group(cast: Cast, **columns: Any) -> Group:
    """Write a group."""
    principal = Principal.objects.create(kind="group")
    return Group.objects.create(principal=principal, **{"organization_id": cast.acme, "key": "g", "name": "G", "name_key": "g", **columns})


def resource(**columns: Any) -> Resource:
    """Write a root."""
    return Resource.objects.create(**{"type": "account", "key": "200", "name": "M", "name_key": "m", "tenant": tenant(), **columns})


def twice(make: Row) -> Row:
    """Write the same row a second time."""
    return lambda cast: (make(cast), make(cast))


def member(cast: Cast, **columns: Any) -> Membership:
    """Write that Dan is in a group."""
    return Membership.objects.create(**{"group_id": cast.interns, "member_id": cast.dan, **columns})


ONCE: dict[str, Row] = {
    "a standing binding": twice(bound),
    "a binding in one window": twice(lambda c: bound(c, starts_at=NOW, ends_at=LATER)),
    "a binding with one end": twice(lambda c: bound(c, ends_at=LATER)),
    "a standing membership": twice(member),
    "a membership in one window": twice(lambda c: member(c, starts_at=NOW)),
    "a canonical address": lambda _c: user(canonical="alice@acme.example"),
    "a service account's name": twice(
        lambda _c: ServiceAccount.objects.create(principal=Principal.objects.create(kind="service_account"), name="R", name_key="r")
    ),
    "an organization's key": lambda _c: organization(key="acme"),
    "an organization's tenant": lambda c: organization(tenant=Organization.objects.get(pk=c.acme).tenant),
    "a role in an organization": twice(lambda c: OrganizationMember.objects.create(organization_id=c.acme, user_id=c.dan, role="admin")),
    "a suspension": twice(lambda c: OrganizationSuspension.objects.create(organization_id=c.acme, user_id=c.dan)),
    "a group's key": lambda c: group(c, key="analysts"),
    "a group's name": lambda c: group(c, name_key="analysts"),
    "an owner": twice(lambda c: GroupOwner.objects.create(group_id=c.analysts, user_id=c.dan)),
    "an id in a type": lambda _c: resource(key="100"),
    "the instance": lambda _c: Tenant.objects.create(kind="instance"),
    "an entry of the feed": twice(
        lambda _c: FeedEntry.objects.create(tenant=Tenant.objects.get(pk=1), revision=99, sequence=1, noun="x", row=1)
    ),
}
MEANINGLESS: dict[str, Row] = {
    "a binding of nothing": lambda c: bound(c, permissions="", mask=4),
    "a binding of no bits": lambda c: bound(c, mask=0),
    "a set beside a role": lambda c: bound(c, role="owner"),
    "a window turned around": lambda c: bound(c, starts_at=LATER, ends_at=NOW),
    "a window of no time": lambda c: member(c, starts_at=NOW, ends_at=NOW),
    "a group in itself": lambda c: member(c, member_id=c.interns),
    "a principal of no kind": lambda _c: Principal.objects.create(kind="robot"),
    "a status of no kind": lambda _c: user(status="asleep"),
    "a person without a name": lambda _c: user(name=""),
    "a policy of no kind": lambda _c: organization(policy_mode="strict"),
    "a source of no kind": lambda _c: organization(identity_source="ldap"),
    "a role of no kind": lambda c: OrganizationMember.objects.create(organization_id=c.acme, user_id=c.dan, role="owner"),
    "a tenant of no kind": lambda _c: Tenant.objects.create(kind="planet"),
}
DANGLING: dict[str, Row] = {
    "a binding of nobody": lambda c: bound(c, principal_id=NOBODY),
    "a binding nowhere": lambda c: bound(c, resource_id=NOBODY),
    "a member of no group": lambda c: member(c, group_id=c.alice),
    "nobody in a group": lambda c: member(c, member_id=NOBODY),
    "an owner who is no person": lambda c: GroupOwner.objects.create(group_id=c.analysts, user_id=c.interns),
    "an admin of nothing": lambda c: OrganizationMember.objects.create(organization_id=NOBODY, user_id=c.dan, role="admin"),
    "a group of no organization": lambda c: group(c, organization_id=NOBODY),
    "a child of nothing": lambda _c: resource(parent_id=NOBODY),
    "an account of no organization": lambda _c: resource(organization_id=NOBODY),
    "a resource of no tenant": lambda _c: resource(tenant_id=NOBODY),
    "a person who is gone": lambda c: Principal.objects.filter(pk=c.dan).delete(),
    "a group that is gone": lambda c: Group.objects.filter(pk=c.analysts).delete(),
    "a resource that is gone": lambda c: Resource.objects.filter(pk=c.property).delete(),
    "an organization that is gone": lambda c: Organization.objects.filter(pk=c.acme).delete(),
    "a tenant that is gone": lambda c: Tenant.objects.filter(pk=Resource.objects.get(pk=c.account).tenant_id).delete(),
}


@pytest.mark.parametrize("row", ONCE)
def test_there_is_one_of_it(cast: Cast, row: str) -> None:
    with pytest.raises(IntegrityError):
        ONCE[row](cast)


@pytest.mark.parametrize("row", MEANINGLESS)
def test_what_means_nothing_is_not_kept(cast: Cast, row: str) -> None:
    with pytest.raises(IntegrityError):
        MEANINGLESS[row](cast)


@pytest.mark.parametrize("row", DANGLING)
def test_i_gr_4_nothing_refers_to_what_is_not_there(cast: Cast, row: str) -> None:
    """I-GR-4: neither when it is written nor when the other is deleted."""
    with undone(), pytest.raises(IntegrityError):
        hanging(DANGLING[row], cast)


def hanging(row: Row, cast: Cast) -> None:
    """Write a row and let the database look at its references, as it does when a transaction ends."""
    row(cast)
    connection.check_constraints()


def test_each_row_of_these_is_kept_once(cast: Cast) -> None:
    """What is refused above is refused for its own reason: the rows that the tables begin with are sound."""
    bound(cast)
    bound(cast, starts_at=NOW, ends_at=LATER)
    member(cast)
    organization(tenant=tenant())
    user()
    group(cast)
    resource()
    connection.check_constraints()


def test_r_eml_3_keys_are_compared_by_bytes(cast: Cast) -> None:
    """R-EML-3: the same on both databases, whatever their locale; sorted by bytes as well."""
    names = ["A", "B", "a", "b", "\u00e4", "\u043f"]
    for number, key in enumerate(reversed(names)):
        resource(type="account", key=f"k{number}", name=key, name_key=key)
        group(cast, key=key, name=key, name_key=key)
    found = Resource.objects.filter(key__startswith="k").order_by("name_key").values_list("name_key", flat=True)
    assert list(found) == names
    assert Group.objects.filter(name_key="a").count() == 1
