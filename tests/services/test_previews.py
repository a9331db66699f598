"""The permission editor, and who gains and loses what before anybody saves."""

from datetime import timedelta

from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.domain.refusals import Forbidden, Invalid, NotFound
from keyholder.domain.windows import Window
from keyholder.engine.facts import Facts
from keyholder.services.commands import bindings, people, resources
from keyholder.services.commands.resources import NewResource
from keyholder.services.differences import Preview
from keyholder.services.proposals import Proposal, Verb
from keyholder.services.queries.bindings import Phase, editor
from keyholder.services.queries.previews import of_bindings, of_membership
from keyholder.storage import slices
from keyholder.storage.models import Binding, Membership
from tests.cast import NOW, OPERATOR, Cast, caller, resource
from tests.services.refusing import refused
from tests.storage.rows import crowd, queries

GONE = PrincipalId(10**6)


def told(preview: Preview) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [(row.principal.name, row.resource.name, row.gained.names, row.lost.names) for row in preview.rows]


class TestEditor:
    def test_r016_local_bindings_stand_apart_from_the_floor(self, cast: Cast) -> None:
        """R012, R016: what comes from the account or a group is ticked with its source and can't be taken away here."""
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["manage_users"])
        found = editor(by=caller(cast.alice), of=cast.cleo, at=cast.property)
        assert [(b.permissions, b.phase, b.window.is_standing) for b in found.bindings] == [(("manage_users",), Phase.IN_FORCE, True)]
        assert (found.floor.names, [str(s.label) for s in found.floor_sources]) == (
            ("collaborate", "read_analyze"),
            ["from Shop", "through Analysts"],
        )
        choices = {c.name: (c.checked, c.includes, [str(s.label) for s in c.floor]) for c in found.permissions}
        assert choices == {
            "manage_users": (True, (), []),
            "edit": (False, ("collaborate", "read_analyze"), []),
            "collaborate": (False, ("read_analyze",), ["through Analysts"]),
            "read_analyze": (False, (), ["from Shop", "through Analysts"]),
        }
        assert (found.roles, found.permissions[1].labels["en"]) == ((), "Edit")

    def test_a_binding_for_each_window(self, cast: Cast) -> None:
        later, soon = Window(starts_at=NOW + timedelta(days=1)), Window(ends_at=NOW + timedelta(days=1))
        for window, permission in ((soon, "edit"), (later, "collaborate")):
            bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=[permission], window=window)
        Binding.objects.create(principal_id=cast.cleo, resource_id=cast.view, permissions="edit", mask=4, ends_at=NOW)
        found = editor(by=caller(cast.alice), of=cast.cleo, at=cast.view, window=soon)
        assert [b.phase for b in found.bindings] == [Phase.IN_FORCE, Phase.UPCOMING, Phase.ENDED]
        assert [c.name for c in found.permissions if c.checked] == ["edit"]
        assert not any(c.checked for c in editor(by=caller(cast.alice), of=cast.cleo, at=cast.view).permissions)

    def test_roles_where_only_roles_are_given(self, cast: Cast) -> None:
        host = resource(None, "host", "h", "Agency")
        bindings.grant(by=OPERATOR, to=[cast.alice], on=host, role="administrator")
        bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="standard")
        found = editor(by=caller(cast.alice), of=cast.ben, at=host)
        assert [(r.name, r.checked) for r in found.roles] == [("administrator", False), ("standard", True), ("view_only", False)]
        assert (found.permissions, found.exclusive_roles) == ((), True)

    def test_r064_for_who_manages_there_and_of_whom_is_known_there(self, cast: Cast) -> None:
        with refused(Forbidden, "lacks_permission"):
            editor(by=caller(cast.ben), of=cast.cleo, at=cast.property)
        for stranger in (cast.dan, GONE):
            with refused(NotFound, "not_found"):
                editor(by=caller(cast.alice), of=stranger, at=cast.property)
        assert editor(by=OPERATOR, of=cast.dan, at=cast.property).bindings == ()
        assert editor(by=caller(cast.alice), of=cast.analysts, at=cast.property).bindings[0].permissions == ("collaborate",)


class TestBindingPreview:
    def test_r046_what_is_there_already_is_no_gain(self, cast: Cast) -> None:
        """R046: Cleo reads already; the property below follows and is only counted."""
        grant = Proposal(Verb.GRANT, (cast.cleo,), cast.account, ("collaborate",))
        found = of_bindings(by=caller(cast.alice), proposal=grant)
        assert told(found) == [("Cleo", "Shop", ("collaborate",), ())]
        assert (found.gaining, found.losing, found.below) == (1, 0, (("property", 1), ("view", 1)))

    def test_r012_what_stays_is_said_with_its_source(self, cast: Cast) -> None:
        """R058: what somebody keeps elsewhere, and where that comes from."""
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["edit"])
        found = of_bindings(by=caller(cast.alice), proposal=Proposal(Verb.SET, (cast.cleo,), cast.property))
        assert told(found) == [("Cleo", "Web", (), ("edit",))]
        row = found.rows[0]
        assert (row.stays.shown, [str(s.label) for s in row.kept]) == (("collaborate",), ["from Shop", "through Analysts"])

    def test_a_groups_people_gain_and_lose_with_it(self, cast: Cast) -> None:
        found = of_bindings(by=caller(cast.alice), proposal=Proposal(Verb.GRANT, (cast.analysts,), cast.account, ("edit",)))
        assert told(found) == [
            ("Analysts", "Shop", ("edit", "collaborate", "read_analyze"), ()),
            ("Cleo", "Shop", ("edit", "collaborate"), ()),
        ]
        found = of_bindings(by=caller(cast.alice), proposal=Proposal(Verb.REVOKE, (cast.analysts,), cast.property))
        assert [line[0] for line in told(found)] == ["Analysts", "Cleo"]
        assert (found.losing, found.is_whole) == (2, True)

    def test_taking_goes_through_all_windows_and_moving_ends(self, cast: Cast) -> None:
        soon = Window(ends_at=NOW + timedelta(days=1))
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["edit"], window=soon)
        take = Proposal(Verb.TAKE, (cast.ben,), cast.account, ("collaborate",))
        assert told(of_bindings(by=caller(cast.alice), proposal=take)) == [("Ben", "Shop", (), ("edit", "collaborate", "read_analyze"))]
        moved = Window(starts_at=NOW + timedelta(days=1))
        found = of_bindings(by=caller(cast.alice), proposal=Proposal(Verb.MOVE, (cast.ben,), cast.account, window=moved))
        assert told(found) == [], "when the new window begins the standing binding counts again"

    def test_a_role_is_not_taken_in_parts(self, cast: Cast) -> None:
        stand = resource(cast.alice, "resource", "1", "Stand")
        bindings.grant(by=OPERATOR, to=[cast.ben], on=stand, role="administrator")
        take = Proposal(Verb.TAKE, (cast.ben,), stand, ("view",))
        assert told(of_bindings(by=caller(cast.alice), proposal=take)) == []

    def test_a_window_to_come_is_judged_when_it_begins(self, cast: Cast) -> None:
        later = Window(starts_at=NOW + timedelta(days=1))
        found = of_bindings(by=caller(cast.alice), proposal=Proposal(Verb.GRANT, (cast.cleo,), cast.view, ("edit",), window=later))
        assert told(found) == [("Cleo", "All data", ("edit",), ())]

    def test_what_comes_with_a_role_below_is_told(self, cast: Cast) -> None:
        """Ben's pixel counts only while he is standard at the account."""
        host = resource(None, "host", "h", "Agency")
        client = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "1"), "Client", host), administrator=cast.alice)
        pixel = resource(cast.alice, "pixel", "p", "Pixel", client)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=client, role="standard")
        bindings.grant(by=caller(cast.alice), to=[cast.ben], on=pixel, permissions=["edit_pixel"])
        change = Proposal(Verb.SET, (cast.ben,), client, role="view_only")
        assert told(of_bindings(by=caller(cast.alice), proposal=change)) == [
            ("Ben", "Client", (), ("delete_account",)),
            ("Ben", "Pixel", (), ("edit_pixel", "delete_account")),
        ]
        back = Proposal(Verb.GRANT, (cast.ben,), client, role="administrator")
        assert told(of_bindings(by=caller(cast.alice), proposal=back))[0][2] == (
            "manage_users",
            "manage_pixels",
            "edit_pixel",
            "view_all_applications",
        )

    def test_a_preview_is_what_the_command_then_does(self, cast: Cast) -> None:
        """R048: nothing changes before it is saved; saved, it is what was shown."""
        before = slices.world()
        proposal = Proposal(Verb.SET, (cast.cleo,), cast.account, ("edit",))
        assert of_bindings(by=caller(cast.alice), proposal=proposal).gaining == 1
        assert unnumbered(slices.world()) == unnumbered(before)
        bindings.set_permissions(by=caller(cast.alice), of=cast.cleo, on=cast.account, permissions=["edit"])
        assert told(of_bindings(by=caller(cast.alice), proposal=proposal)) == []

    def test_what_a_suspension_holds_back_is_shown(self, cast: Cast) -> None:
        people.suspend(by=OPERATOR, user=cast.cleo)
        found = of_bindings(by=caller(cast.alice), proposal=Proposal(Verb.GRANT, (cast.cleo,), cast.view, ("edit",)))
        assert told(found) == [("Cleo", "All data", ("edit",), ())]

    def test_refusals(self, cast: Cast) -> None:
        with refused(Invalid, "permissions"):
            of_bindings(by=caller(cast.alice), proposal=Proposal(Verb.GRANT, (cast.cleo,), cast.account))
        with refused(Forbidden, "lacks_permission"):
            of_bindings(by=caller(cast.ben), proposal=Proposal(Verb.REVOKE, (cast.cleo,), cast.account))
        for stranger in (cast.dan, GONE):
            with refused(NotFound, "not_found"):
                of_bindings(by=caller(cast.alice), proposal=Proposal(Verb.GRANT, (stranger,), cast.account, ("edit",)))

    def test_it_is_bounded_and_costs_the_same_whatever_the_size(self, cast: Cast) -> None:
        proposal = Proposal(Verb.GRANT, (cast.analysts,), cast.account, ("edit",))
        before = queries(lambda: of_bindings(by=caller(cast.alice), proposal=proposal))
        Membership.objects.bulk_create([Membership(group_id=cast.interns, member_id=g) for g in crowd(300)])
        assert queries(lambda: of_bindings(by=caller(cast.alice), proposal=proposal)) == before
        found = of_bindings(by=caller(cast.alice), proposal=proposal)
        assert (len(found.rows), found.gaining, found.is_whole) == (50, 302, False)


class TestMembershipPreview:
    def test_r082_who_gains_and_loses_through_a_group(self, cast: Cast) -> None:
        gain = of_membership(by=caller(cast.ben), group=cast.analysts, adding=[cast.alice, cast.ben])
        assert told(gain) == [], "both hold it already"
        loss = of_membership(by=caller(cast.alice), group=cast.analysts, removing=[cast.cleo])
        assert told(loss) == [("Cleo", "Web", (), ("collaborate",))]
        assert [str(s.label) for s in loss.rows[0].kept] == ["from Shop"]

    def test_an_owner_is_not_told_what_stays(self, cast: Cast) -> None:
        """R064: Ben owns the group and manages users nowhere."""
        loss = of_membership(by=caller(cast.ben), group=cast.analysts, removing=[cast.cleo])
        assert (told(loss), loss.rows[0].kept, loss.rows[0].stays.names) == ([("Cleo", "Web", (), ("collaborate",))], (), ())

    def test_what_a_containing_group_gives_comes_along(self, cast: Cast) -> None:
        bindings.revoke(by=OPERATOR, of=[cast.cleo], on=cast.account)
        Membership.objects.filter(group=cast.analysts, member=cast.cleo).delete()
        with refused(NotFound, "not_found"):
            of_membership(by=caller(cast.alice), group=cast.interns, adding=[cast.cleo])
        gain = of_membership(by=OPERATOR, group=cast.interns, adding=[cast.cleo])
        assert told(gain) == [("Cleo", "Web", ("collaborate", "read_analyze"), ())]

    def test_r081_for_who_manages_the_members(self, cast: Cast) -> None:
        with refused(Forbidden, "not_owner"):
            of_membership(by=caller(cast.cleo), group=cast.analysts, adding=[cast.ben])
        for reader, group in ((cast.dan, cast.analysts), (cast.alice, GONE)):
            with refused(NotFound, "not_found"):
                of_membership(by=caller(reader), group=group, adding=[cast.ben])


def unnumbered(facts: Facts) -> tuple[frozenset[object], ...]:
    return frozenset(facts.bindings), frozenset(facts.memberships)
