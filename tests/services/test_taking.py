"""Taking access away: what is one's own here goes, what comes from elsewhere names where from (semantics 4)."""

from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, NotFound
from keyholder.services.commands import bindings, organization_roles
from keyholder.storage.models import Binding
from tests.cast import NOW, OPERATOR, Cast, caller, holds
from tests.services.holding import DAY, since, ticked, until
from tests.services.refusing import refused


class TestTaking:
    def test_r012_what_is_inherited_names_the_resource(self, cast: Cast) -> None:
        with refused(Conflict, "inherited", "Ben", "All data", "Shop", "Edit"):
            bindings.take(by=caller(cast.alice), of=[cast.ben], on=cast.view, permissions=["edit"])
        with refused(Conflict, "inherited", "Shop"):
            bindings.revoke(by=caller(cast.alice), of=[cast.ben], on=cast.property)
        assert "edit" in holds(cast.ben, cast.view)

    def test_r012_or_the_group(self, cast: Cast) -> None:
        with refused(Conflict, "inherited", "Cleo", "Web", "Analysts"):
            bindings.take(by=caller(cast.alice), of=[cast.cleo], on=cast.property, permissions=["collaborate"])

    def test_r012_or_the_role(self, cast: Cast) -> None:
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.cleo, role=OrganizationRole.USER_ADMIN)
        with refused(Conflict, "inherited", "Cleo", "Acme"):
            bindings.take(by=caller(cast.alice), of=[cast.cleo], on=cast.account, permissions=["manage_users"])

    def test_what_is_local_and_inherited_is_taken_here_only(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["edit", "manage_users"])
        bindings.take(by=caller(cast.alice), of=[cast.ben], on=cast.view, permissions=["edit"])
        assert (ticked(cast.ben, cast.view), "edit" in holds(cast.ben, cast.view)) == (["manage_users"], True)

    def test_taking_a_permission_takes_what_includes_it(self, cast: Cast) -> None:
        """Who keeps Edit keeps Collaborate."""
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users", "read_analyze"])
        bindings.take(by=caller(cast.alice), of=[cast.ben], on=cast.account, permissions=["collaborate"])
        assert ticked(cast.ben, cast.account) == ["manage_users", "read_analyze"]
        bindings.take(by=caller(cast.alice), of=[cast.ben], on=cast.account, permissions=["read_analyze", "manage_users"])
        assert not Binding.objects.filter(principal=cast.ben).exists()

    def test_taking_reaches_every_window_that_is_not_over(self, cast: Cast) -> None:
        bindings.grant(by=caller(None, NOW - 2 * DAY), to=[cast.ben], on=cast.view, permissions=["edit"], window=until(NOW - DAY))
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["edit"], window=until(NOW + DAY))
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["edit", "manage_users"], window=since(NOW + DAY))
        bindings.take(by=caller(cast.alice), of=[cast.ben], on=cast.view, permissions=["edit"])
        left = Binding.objects.filter(principal=cast.ben, resource=cast.view).order_by("pk").values_list("permissions", flat=True)
        assert list(left) == ["edit", "manage_users"]

    def test_revoking_ends_every_window_or_one(self, cast: Cast) -> None:
        for window in (until(NOW + DAY), since(NOW + DAY)):
            bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["read_analyze"], window=window)
        bindings.revoke(by=caller(cast.alice), of=[cast.ben], on=cast.account, window=since(NOW + DAY))
        assert Binding.objects.filter(principal=cast.ben).count() == 2
        bindings.revoke(by=caller(cast.alice), of=[cast.ben], on=cast.account)
        assert not Binding.objects.filter(principal=cast.ben).exists()

    def test_who_has_nothing_here_is_not_found(self, cast: Cast) -> None:
        with refused(NotFound, "not_found"):
            bindings.revoke(by=caller(cast.alice), of=[cast.dan], on=cast.view)
        with refused(NotFound, "not_found"):
            bindings.set_permissions(by=caller(cast.alice), of=cast.dan, on=cast.view)
