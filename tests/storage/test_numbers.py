"""Numbers and revisions: gap-free in each tenant, whoever writes at the same moment (I-CO-1, I-AU-1, semantics 9)."""

import os
from collections.abc import Callable, Sequence

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.refusals import Refusal
from keyholder.services.commands import bindings, people
from keyholder.storage import audit
from keyholder.storage.models import Binding, Event, FeedEntry, Tenant
from keyholder.storage.replay import discrepancies
from tests.cast import OPERATOR, build, caller, person, resource

WRITERS = 6
EACH = 200 if os.environ.get("KEYHOLDER_SOAK") == "full" else 4
Starter = Callable[..., list[object]]
pytestmark = pytest.mark.soak


def sound() -> None:
    """Hold every log to its numbers, its hashes, its revisions and its feed, and the tables to the logs."""
    assert list(audit.verify()) == []
    assert list(discrepancies()) == []
    for tenant in Tenant.objects.all():
        rows = Event.objects.filter(tenant=tenant).order_by("number")
        assert [row.number for row in rows] == list(range(1, tenant.number + 1))
        kept = [row.revision for row in rows if row.revision is not None]
        assert sorted(set(kept)) == list(range(1, tenant.revision + 1))
        assert kept == sorted(kept)
        fed = FeedEntry.objects.filter(tenant=tenant).values_list("revision", flat=True)
        assert set(fed) <= set(kept)


def many(who: Sequence[PrincipalId], by: PrincipalId | None, on: ResourceId) -> Callable[[], None]:
    """Let everybody have something at a resource, one after the other."""

    def write() -> None:
        for principal in who:
            bindings.grant(by=caller(by), to=[principal], on=on, permissions=["read_analyze"])

    return write


def test_i_co_1_writers_of_one_tenant(race: Starter) -> None:
    """I-CO-1: each acknowledged write has a revision of its own and none is left out."""
    cast = build()
    guests = [[person(f"Guest {n} {m}", f"g{n}.{m}@acme.example") for m in range(EACH)] for n in range(WRITERS)]
    before = Tenant.objects.get(organization=cast.acme).revision
    assert race(*(many(row, None, cast.view) for row in guests)) == [None] * WRITERS
    assert Tenant.objects.get(organization=cast.acme).revision == before + WRITERS * EACH
    assert Binding.objects.filter(resource=cast.view).exclude(principal=cast.alice).count() == WRITERS * EACH
    sound()


def test_i_co_1_writers_of_many_tenants_and_of_the_instance(race: Starter) -> None:
    """Some in accounts of their own, some make people, one suspends somebody who is everywhere, one is refused all the time."""
    cast = build()
    accounts = [resource(cast.dan, "account", f"{number}", f"Market {number}") for number in range(3)]
    for account in accounts:
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=account, permissions=["read_analyze"])

    def suspend() -> None:
        for _ in range(EACH // 2):
            people.suspend(by=OPERATOR, user=cast.cleo)
            people.activate(by=OPERATOR, user=cast.cleo)

    def refuse() -> None:
        for _ in range(EACH):
            with pytest.raises(Refusal):
                bindings.grant(by=caller(cast.ben), to=[cast.ben], on=cast.account, permissions=["manage_users"])

    def make() -> None:
        for number in range(EACH):
            person(f"New {number}", f"new{number}@acme.example")

    known = [cast.dan, cast.cleo, cast.dan, cast.cleo][:EACH]
    assert race(suspend, refuse, make, *(many(known, cast.dan, account) for account in accounts)) == [None] * 6
    sound()


def test_a_refused_writer_leaves_no_gap(race: Starter) -> None:
    """Several want the same: who comes second is told, or finds it done."""
    cast = build()
    one = [lambda: bindings.grant(by=caller(cast.alice), to=[cast.ben], on=cast.view, permissions=["edit"])] * WRITERS
    results = race(*one)
    assert all(isinstance(result, tuple | Refusal) for result in results), results
    assert Binding.objects.filter(principal=cast.ben, resource=cast.view).count() == 1
    sound()
