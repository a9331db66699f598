"""Walking the tree: columns, paths, and what the palette finds."""

import pytest

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.refusals import Invalid, NotFound
from keyholder.services.commands import bindings, organizations, resources
from keyholder.services.commands.resources import NewResource
from keyholder.services.queries import tree
from keyholder.services.queries.tree import Column, Found
from keyholder.storage.models import Binding, Membership, Resource
from tests.cast import OPERATOR, Cast, caller, group, person, resource
from tests.services.refusing import refused
from tests.storage.rows import crowd, queries

SHOP, WEB, ALL_DATA = ResourceRef("account", "100"), ResourceRef("property", "UA-100-1"), ResourceRef("view", "1001")


def shown(columns: tuple[Column, ...]) -> list[tuple[list[str], str, int | None]]:
    return [([node.name for node in c.nodes], c.selected.name if c.selected else "", c.people) for c in columns]


def found(result: Found) -> tuple[list[str], list[str], list[str]]:
    return ([p.name for p in result.people], [g.name for g in result.groups], [r.name for r in result.resources])


class TestColumns:
    def test_r040_a_column_for_each_level_with_counts_where_one_manages(self, cast: Cast) -> None:
        """R040: Alice manages all three, Ben none, so that he sees no numbers."""
        expected = [(["Shop"], "Shop", 3), (["Web"], "Web", 3), (["All data"], "All data", 3)]
        assert shown(tree.columns(by=caller(cast.alice), platform="google_analytics", selected=ALL_DATA)) == expected
        assert [c.people for c in tree.columns(by=caller(cast.ben), platform="google_analytics", selected=ALL_DATA)] == [None] * 3

    def test_what_is_not_selected_has_an_empty_column(self, cast: Cast) -> None:
        columns = tree.columns(by=caller(cast.alice), platform="google_analytics")
        assert shown(columns) == [(["Shop"], "", None), ([], "", None), ([], "", None)]
        columns = tree.columns(by=caller(cast.alice), platform="google_analytics", selected=SHOP)
        assert shown(columns) == [(["Shop"], "Shop", 3), (["Web"], "", None), ([], "", None)]

    def test_r014_who_holds_a_view_alone_reaches_it(self, cast: Cast) -> None:
        """R014: the account and the property are there by name; what lies beside is not."""
        resource(cast.alice, "view", "1002", "Raw data", cast.property)
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["read_analyze"])
        columns = tree.columns(by=caller(cast.dan), platform="google_analytics", selected=ALL_DATA)
        assert [names for names, _selected, _people in shown(columns)] == [["Shop"], ["Web"], ["All data"]]

    def test_several_types_can_share_a_level(self, cast: Cast) -> None:
        stand = resource(cast.dan, "resource", "1", "Stand")
        for kind in ("container", "stream", "service"):
            resource(cast.dan, kind, "1", kind.title(), stand)
        columns = tree.columns(by=caller(cast.dan), platform="mts_analytics", selected=ResourceRef("service", "1"))
        assert [c.types for c in columns] == [("resource",), ("container", "stream", "service"), ("report",)]
        assert shown(columns)[1] == (["Container", "Service", "Stream"], "Service", 1)

    def test_r099_a_host_lists_exactly_the_accounts_that_delegate(self, cast: Cast) -> None:
        """R098, R099: the instance sees both, the host's people one; of the other they can't even ask."""
        host = resource(None, "host", "h", "Agency")
        bindings.grant(by=OPERATOR, to=[cast.dan], on=host, role="administrator")
        for key, managed in (("open", True), ("shut", False)):
            new = NewResource(ResourceRef("host_account", key), key.title(), host, managed)
            resources.create(by=OPERATOR, new=new, administrator=cast.cleo)
        at_host = ResourceRef("host", "h")
        assert shown(tree.columns(by=caller(cast.dan), platform="conversions_gateway", selected=at_host))[1][0] == ["Open"]
        assert shown(tree.columns(by=OPERATOR, platform="conversions_gateway", selected=at_host))[1][0] == ["Open", "Shut"]
        with refused(NotFound, "not_found"):
            tree.node(by=caller(cast.dan), ref=ResourceRef("host_account", "shut"))
        assert found(tree.search(by=caller(cast.dan), text="shut")) == ([], [], [])
        assert found(tree.search(by=caller(cast.cleo), text="shut"))[2] == ["Shut"]

    def test_what_does_not_exist_can_not_be_selected(self, cast: Cast) -> None:
        with refused(NotFound, "not_found"):
            tree.columns(by=caller(cast.dan), platform="google_analytics", selected=SHOP)
        with refused(Invalid, "platform"):
            tree.columns(by=caller(cast.alice), platform="mts_analytics", selected=SHOP)
        with refused(Invalid, "platform"):
            tree.columns(by=caller(cast.alice), platform="abacus")

    def test_they_cost_the_same_whatever_the_size(self, cast: Cast) -> None:
        def walk() -> object:
            return tree.columns(by=caller(cast.alice), platform="google_analytics", selected=ALL_DATA)

        before = queries(walk)
        account = Resource.objects.get(pk=cast.account)
        for number in range(250):
            name = f"Property {number}"
            row = Resource(type="property", key=name, name=name, name_key=name.lower(), parent=account, tenant=account.tenant)
            row.save()
            row.path = f"{account.path}{row.pk}/"
            row.save()
        Membership.objects.bulk_create([Membership(group_id=cast.analysts, member_id=g) for g in crowd(100)])
        assert queries(walk) == before
        columns = tree.columns(by=caller(cast.alice), platform="google_analytics", selected=ALL_DATA)
        assert (len(columns[1].nodes), columns[1].total, columns[1].people) == (200, 251, 103)


class TestPath:
    def test_it_leads_from_the_root(self, cast: Cast) -> None:
        assert [str(node.ref) for node in tree.path(by=caller(cast.cleo), ref=ALL_DATA)] == [str(SHOP), str(WEB), str(ALL_DATA)]
        with refused(NotFound, "not_found"):
            tree.path(by=caller(cast.dan), ref=ALL_DATA)


class TestSearch:
    def test_r063_a_manager_finds_people_groups_and_resources(self, cast: Cast) -> None:
        """R060, R063: by part of a name, an address or an id."""
        assert found(tree.search(by=caller(cast.alice), text="leo")) == (["Cleo"], [], [])
        assert found(tree.search(by=caller(cast.alice), text="BEN@acme")) == (["Ben"], [], [])
        assert found(tree.search(by=caller(cast.alice), text="ANALY")) == ([], ["Analysts"], [])
        assert found(tree.search(by=caller(cast.alice), text="ua-100")) == ([], [], ["Web"])
        assert found(tree.search(by=OPERATOR, text="dan")) == (["Dan"], [], [])

    def test_r064_people_are_found_by_who_manages_them_and_by_themselves(self, cast: Cast) -> None:
        assert found(tree.search(by=caller(cast.ben), text="@acme")) == (["Ben"], [], [])
        assert found(tree.search(by=caller(cast.alice), text="@acme")) == (["Alice", "Ben", "Cleo"], [], [])
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["manage_users"])
        assert found(tree.search(by=caller(cast.ben), text="@acme"))[0] == ["Alice", "Ben", "Cleo"], "they are inherited there"
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.account, permissions=["read_analyze"])
        assert "Dan" in found(tree.search(by=caller(cast.ben), text="@acme"))[0]

    def test_r064_what_is_beside_is_not_seen(self, cast: Cast) -> None:
        beside = resource(cast.alice, "property", "UA-100-2", "Beside", cast.account)
        bindings.grant(by=OPERATOR, to=[cast.dan], on=beside, permissions=["manage_users"])
        eve = person("Eve")
        bindings.grant(by=OPERATOR, to=[eve], on=cast.property, permissions=["read_analyze"])
        assert found(tree.search(by=caller(cast.dan), text="@acme"))[0] == ["Alice", "Ben", "Cleo", "Dan"]
        assert found(tree.search(by=caller(cast.alice), text="eve"))[0] == ["Eve"]

    def test_r_ten_1_an_outsider_finds_nothing(self, cast: Cast) -> None:
        for text in ("Ben", "Shop", "100", "Analysts", "%", "_", "acme"):
            people, groups, nodes = found(tree.search(by=caller(cast.dan), text=text))
            assert (set(people) - {"Dan"}, groups, nodes) == (set(), [], [])

    def test_r081_groups_are_found_inside_their_organization(self, cast: Cast) -> None:
        group(cast.dan, organizations.create(by=caller(cast.dan), name="Bolt"), "Analysts of Bolt")
        assert found(tree.search(by=caller(cast.dan), text="analysts"))[1] == ["Analysts of Bolt"]
        assert found(tree.search(by=caller(cast.cleo), text="analysts"))[1] == ["Analysts"]

    def test_an_organizations_admin_finds_members_of_its_groups(self, cast: Cast) -> None:
        Membership.objects.create(group_id=cast.interns, member_id=cast.dan)
        Binding.objects.filter(principal=cast.analysts).delete()
        assert found(tree.search(by=caller(cast.alice), text="dan"))[0] == ["Dan"]

    @pytest.mark.parametrize("text", ["", "   ", "\x00"])
    def test_nothing_is_found_by_nothing(self, cast: Cast, text: str) -> None:
        assert found(tree.search(by=caller(cast.alice), text=text)) == ([], [], [])

    def test_it_costs_the_same_whatever_the_size(self, cast: Cast) -> None:
        before = queries(lambda: tree.search(by=caller(cast.alice), text="e"))
        guests = crowd(200)
        rows = [Binding(principal_id=g, resource_id=cast.view, permissions="read_analyze", mask=1) for g in guests]
        Binding.objects.bulk_create(rows)
        assert queries(lambda: tree.search(by=caller(cast.alice), text="e")) == before
        assert len(tree.search(by=caller(cast.alice), text="guest").people) == 8
