"""What a group has level by level, and what there is to choose from before it is given something (R066, R075, R076)."""

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.domain.refusals import Forbidden, NotFound
from keyholder.services.access_trees import AccessNode
from keyholder.services.commands import bindings, group_members, nesting, organization_links, organizations, resources
from keyholder.services.commands.resources import NewResource
from keyholder.services.queries import group_access
from keyholder.services.queries.group_access import GroupAccess, access
from keyholder.services.queries.group_binding import binding
from keyholder.storage.models import Resource
from tests.cast import NOW, OPERATOR, Cast, caller, group, resource
from tests.services.refusing import refused
from tests.storage.rows import queries

Line = tuple[int, str, tuple[str, ...], tuple[str, ...], bool]


def lines(found: GroupAccess) -> list[Line]:
    """Return the trees as indented lines: name, local, inherited, whether it can be changed."""
    return [line for platform in found.platforms for node in platform.nodes for line in walked(node, 0)]


def walked(node: AccessNode, depth: int) -> list[Line]:
    local, inherited = (node.access.local.shown, node.access.inherited.shown) if node.access else ((), ())
    below = [line for child in node.children for line in walked(child, depth + 1)]
    return [(depth, node.resource.name, local, inherited, node.can_change), *below]


class TestAccess:
    def test_r070_r076_every_level_shows_what_is_local_and_what_comes_from_above(self, cast: Cast) -> None:
        assert lines(access(by=caller(cast.alice), of=cast.analysts)) == [
            (0, "Shop", (), (), True),
            (1, "Web", ("collaborate",), (), True),
            (2, "All data", (), ("collaborate",), True),
        ]

    def test_r075_what_the_groups_around_it_have_comes_through_them(self, cast: Cast) -> None:
        web = access(by=caller(cast.alice), of=cast.interns).platforms[0].nodes[0].children[0]
        assert web.access is not None
        assert [str(source.label) for source in web.access.sources] == ["through Analysts"]

    def test_a_pencil_stands_only_where_the_reader_manages_users(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["manage_users"])
        assert [line[4] for line in lines(access(by=caller(cast.ben), of=cast.analysts))] == [False, False, True]
        assert [line[4] for line in lines(access(by=caller(cast.cleo), of=cast.analysts))] == [False, False, False]

    def test_r_ten_1_what_does_not_exist_for_the_reader_is_left_out(self, cast: Cast) -> None:
        """An account of the organization, and a property beside the reader's own, are nobody's business."""
        resource(cast.alice, "property", "UA-100-2", "App", cast.account)
        market = resource(cast.alice, "account", "200", "Market")
        organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=market)
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["read_analyze"])
        assert [line[1] for line in lines(access(by=caller(cast.dan), of=cast.analysts))] == ["Shop", "Web", "All data"]
        assert [line[1] for line in lines(access(by=OPERATOR, of=cast.analysts))] == ["Market", "Shop", "App", "Web", "All data"]

    def test_what_is_in_the_trash_is_left_out_with_what_is_below(self, cast: Cast) -> None:
        Resource.objects.filter(pk=cast.property).update(trashed_at=NOW)
        assert [line[1] for line in lines(access(by=caller(cast.alice), of=cast.analysts))] == ["Shop"]

    def test_of_a_large_organization_only_what_leads_to_access_is_shown(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        resource(cast.alice, "property", "UA-100-2", "App", cast.account)
        monkeypatch.setattr(group_access, "MOST_NODES", 3)
        found = access(by=caller(cast.alice), of=cast.analysts)
        assert ([line[1] for line in lines(found)], found.is_whole) == (["Shop", "Web"], False)

    def test_as_many_queries_for_a_large_tree_as_for_a_small_one(self, cast: Cast) -> None:
        few = queries(lambda: access(by=caller(cast.alice), of=cast.analysts))
        for number in range(30):
            view = NewResource(ResourceRef("view", f"v{number}"), f"View {number}", cast.property)
            resources.create(by=caller(cast.alice), new=view)
        assert queries(lambda: access(by=caller(cast.alice), of=cast.analysts)) == few
        assert len(lines(access(by=caller(cast.alice), of=cast.analysts))) == 33


def test_r079_a_change_for_the_group_is_one_for_all_its_members(cast: Cast) -> None:
    """R075, R079: also for those who are in it through another group."""
    group_members.add(by=OPERATOR, group=cast.interns, members=[cast.dan])
    bindings.set_permissions(by=caller(cast.alice), of=cast.analysts, on=cast.property, permissions=["edit"])
    assert [line[2] for line in lines(access(by=caller(cast.alice), of=cast.analysts))][1] == ("edit",)
    nesting.unnest(by=caller(cast.alice), group=cast.interns, out_of=cast.analysts)
    assert [line[2] for line in lines(access(by=caller(cast.alice), of=cast.interns))] == [(), (), ()]


class TestBinding:
    WEB = ResourceRef("property", "UA-100-1")

    def test_the_groups_of_the_organization_are_there_to_choose_from(self, cast: Cast) -> None:
        found = binding(by=caller(cast.alice), at=self.WEB)
        assert [node.name for node in found.path] == ["Shop", "Web"]
        assert (found.resource.name, found.organization.name if found.organization else "", found.total) == ("Web", "Acme", 2)
        assert [row.group.name for row in binding(by=caller(cast.alice), at=self.WEB, search="int").groups] == ["Interns"]

    def test_r066_without_an_organization_there_is_none_and_the_way_on_is_said(self, cast: Cast) -> None:
        resource(cast.ben, "account", "200", "Market")
        own = organizations.create(by=caller(cast.ben), name="Bolt")
        found = binding(by=caller(cast.ben), at=ResourceRef("account", "200"))
        assert (found.organization, found.groups, found.can_link, found.linking.may_link) == (None, (), True, True)
        assert [home.id for home in found.linking.own] == [own]

    def test_only_who_manages_users_there_chooses(self, cast: Cast) -> None:
        with refused(Forbidden, "lacks_permission"):
            binding(by=caller(cast.cleo), at=self.WEB)
        with refused(NotFound, "not_found"):
            binding(by=caller(cast.dan), at=self.WEB)

    def test_a_manager_of_one_view_chooses_there_and_may_not_link(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["manage_users"])
        found = binding(by=caller(cast.dan), at=ResourceRef("view", "1001"))
        assert (found.total, found.linking.account.name, found.linking.may_link, found.linking.own) == (2, "Shop", False, ())


def test_r069_a_new_group_is_on_the_list_of_the_organization(cast: Cast) -> None:
    made = group(cast.alice, cast.acme, "Builders")
    assert PrincipalId(made) in {row.group.id for row in binding(by=caller(cast.alice), at=TestBinding.WEB).groups}
