"""The last manager stays: by every path there is, and whoever stands beside (R054 to R057, R-PRV-10, I-MG-1, semantics 4).

Alice alone manages the users of *Shop*. In the second world nobody does but Cleo, through the group *Interns* within *Analysts*.
"""

import pytest

from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Refusal, Refusals
from keyholder.services.commands import bindings, group_members, organization_roles, removal
from keyholder.storage import blueprints, guards
from tests.cast import NOW, OPERATOR, Cast, caller
from tests.services.happened import chains_hold
from tests.services.losing_managers import COUNT, COUNT_NOT, DIRECT, MANAGE, THROUGH_GROUPS, TOMORROW, Path
from tests.services.refusing import refused_rows
from tests.tables import LOG, contents


@pytest.fixture
def through_groups(cast: Cast) -> Cast:
    """Let nobody manage the account but Cleo, who is in Interns, which are in Analysts, who may."""
    bindings.grant(by=OPERATOR, to=[cast.analysts], on=cast.account, permissions=MANAGE)
    group_members.remove(by=OPERATOR, group=cast.analysts, members=[cast.cleo])
    group_members.add(by=OPERATOR, group=cast.interns, members=[cast.cleo])
    bindings.revoke(by=OPERATOR, of=[cast.alice], on=cast.account)
    return cast


def holds_out(path: Path, cast: Cast) -> None:
    """Try a path: it has to be refused, naming the rule and the account, and leave nothing."""
    before = contents(without=LOG)
    with pytest.raises(Refusal) as caught:
        path(cast)
    rows = caught.value.rows if isinstance(caught.value, Refusals) else ()
    said = {(row.refusal.code, str(row.refusal)) for row in rows} or {(caught.value.code, str(caught.value))}
    assert [text for code, text in said if code == "last_manager" and "last manager" in text and "Shop" in text], said
    assert contents(without=LOG) == before
    assert chains_hold()


def standing(cast: Cast) -> bool:
    """Say whether a manager of the account stands."""
    return bool(guards.managed([cast.account], blueprints.catalogue(), NOW))


@pytest.mark.parametrize("path", DIRECT)
def test_r055_r056_by_no_path(cast: Cast, path: str) -> None:
    """I-MG-1, R-PRV-10: deleted or demoted, by oneself or another, by an end, a suspension or a file."""
    holds_out(DIRECT[path], cast)


@pytest.mark.parametrize("path", THROUGH_GROUPS)
def test_r056_nor_through_groups(through_groups: Cast, path: str) -> None:
    """I-MG-1: leaving, emptying, deleting and un-nesting groups, windows on memberships, unlinking the organization."""
    holds_out(THROUGH_GROUPS[path], through_groups)


@pytest.mark.parametrize("path", [path for path in DIRECT if path != "pruned"])
def test_r054_with_another_manager_every_path_is_open(cast: Cast, path: str) -> None:
    """R054: any manager may remove any other, of whatever seniority. Alice stays admin of Acme beside Dan."""
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.dan, role=OrganizationRole.ADMIN)
    bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.account, permissions=MANAGE)
    DIRECT[path](cast)
    assert standing(cast)


@pytest.mark.parametrize("path", THROUGH_GROUPS)
def test_with_another_manager_groups_come_and_go(through_groups: Cast, path: str) -> None:
    bindings.grant(by=OPERATOR, to=[through_groups.dan], on=through_groups.account, permissions=MANAGE)
    THROUGH_GROUPS[path](through_groups)
    assert standing(through_groups)


def test_r057_all_managers_at_once(cast: Cast) -> None:
    """R057: neither may be among those that are removed together; each of them alone may."""
    bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=MANAGE)
    with refused_rows({cast.alice: "last_manager", cast.ben: "last_manager"}):
        removal.remove(by=caller(cast.alice), who=[cast.alice, cast.cleo, cast.ben], at=cast.account)
    holds_out(lambda c: bindings.revoke(by=OPERATOR, of=[c.alice, c.ben], on=c.account), cast)
    holds_out(lambda c: bindings.move_window(by=OPERATOR, of=[c.alice, c.ben], on=c.account, to=TOMORROW), cast)
    removal.remove(by=caller(cast.alice), who=[cast.ben], at=cast.account)
    assert standing(cast)


@pytest.mark.parametrize("other", COUNT_NOT)
def test_who_does_not_count(cast: Cast, other: str) -> None:
    if "group" in other or "member" in other:
        group_members.remove(by=OPERATOR, group=cast.analysts, members=[cast.cleo])
    COUNT_NOT[other](cast)
    holds_out(DIRECT["revoked"], cast)


@pytest.mark.parametrize("other", COUNT)
def test_who_counts(cast: Cast, other: str) -> None:
    group_members.remove(by=OPERATOR, group=cast.analysts, members=[cast.cleo])
    COUNT[other](cast)
    DIRECT["revoked"](cast)
    assert standing(cast)
