"""One person in an organization, in the console: what they have, what is noted, removing them (semantics 4 and 5)."""

import pytest

from keyholder.domain.principals import OrganizationRole
from keyholder.services.commands import organization_notes, organization_roles
from keyholder.storage.models import Binding, Membership, OrganizationNote
from tests.cast import OPERATOR, Cast, holds
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.reading import followed, text

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


def url(cast: Cast, person: int, page: str = "") -> str:
    return f"/organizations/{cast.acme}/people/{person}/{page}"


def test_the_page_says_what_somebody_has_and_what_can_be_done(cast: Cast, signed_in: SignedIn) -> None:
    shown = text(signed_in(cast.alice).get(url(cast, cast.cleo)))
    assert all(word in shown for word in ("Cleo", "Shop", "Read & Analyze at Shop", "Analysts", "member", "Suspend", "Remove", "Notes"))
    owner = text(signed_in(cast.alice).get(url(cast, cast.ben)))
    assert all(word in owner for word in ("Analysts", "owner", "No role"))
    assert url(cast, cast.cleo) in signed_in(cast.alice).get(f"/organizations/{cast.acme}/people/").content.decode()


def test_a_user_admin_reads_no_notes_and_touches_nobody_with_a_role(cast: Cast, signed_in: SignedIn) -> None:
    """R-PRV-5: what only an admin may is there with the reason."""
    organization_notes.add(by=OPERATOR, organization=cast.acme, user=cast.cleo, text="Leaves in May")
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
    ben = signed_in(cast.ben)
    assert "Leaves in May" not in text(ben.get(url(cast, cast.cleo)))
    assert ben.post(url(cast, cast.cleo), {"text": "Me too"}).status_code == 403
    alice = ben.get(url(cast, cast.alice)).content.decode()
    assert "Only an admin of the organization can do this with somebody who has a role." in alice
    page = text(ben.get(url(cast, cast.alice, "remove/")))
    assert "Only an admin of Acme can do this." in page


def test_notes_are_written_and_removed(cast: Cast, signed_in: SignedIn) -> None:
    alice = signed_in(cast.alice)
    assert "Leaves in May" in followed(alice, url(cast, cast.cleo), {"text": "Leaves in May"})
    assert alice.post(url(cast, cast.cleo), {"text": " "}).status_code == 422
    number = OrganizationNote.objects.get().pk
    assert "The note is gone." in followed(alice, url(cast, cast.cleo, f"notes/{number}/remove/"), {})
    assert "Nothing is noted." in text(alice.get(url(cast, cast.cleo)))
    assert alice.post(url(cast, cast.cleo, f"notes/{number}/remove/"), {}).status_code == 404


def test_somebody_is_removed_from_everything_once_it_is_said_what_goes(cast: Cast, signed_in: SignedIn) -> None:
    alice = signed_in(cast.alice)
    shown = text(alice.get(url(cast, cast.cleo, "remove/")))
    assert all(word in shown for word in ("Everything given to them directly in Shop goes.", "They leave Analysts", "stays."))
    done = followed(alice, url(cast, cast.cleo, "remove/"), {"scope": "whole", "reason": "Left us"})
    assert "Cleo was removed from Acme." in done
    assert holds(cast.cleo, cast.view) == set()
    assert not Membership.objects.filter(member=cast.cleo).exists()


def test_or_from_chosen_accounts(cast: Cast, signed_in: SignedIn) -> None:
    alice = signed_in(cast.alice)
    missing = alice.post(url(cast, cast.cleo, "remove/"), {"scope": "accounts", "reason": ""})
    assert (missing.status_code, "Choose an account." in text(missing)) == (422, True)
    done = followed(alice, url(cast, cast.cleo, "remove/"), {"scope": "accounts", "accounts": [str(cast.account)], "reason": ""})
    assert "Cleo was removed from the chosen accounts." in done
    assert not Binding.objects.filter(principal=cast.cleo).exists()
    assert Membership.objects.filter(member=cast.cleo).exists()


def test_r056_the_last_manager_stays_and_the_page_says_why(cast: Cast, signed_in: SignedIn) -> None:
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.ADMIN)
    ben = signed_in(cast.ben)
    assert "The last manager stays" in text(ben.get(url(cast, cast.alice, "remove/")))
    refused = ben.post(url(cast, cast.alice, "remove/"), {"scope": "whole", "reason": ""})
    assert (refused.status_code, "The last manager stays" in text(refused)) == (409, True)


def test_the_activity_of_an_organization_is_its_own(cast: Cast, signed_in: SignedIn) -> None:
    """R-AUD-4: filtered by organization; who is outside has no such filter."""
    alice = signed_in(cast.alice)
    assert "/activity/?organization=acme" in alice.get(f"/organizations/{cast.acme}/").content.decode()
    shown = text(alice.get("/activity/?organization=acme"))
    assert "linked Shop to Acme" in shown
    assert "created the person" not in shown
    assert text(alice.get("/activity/?organization=Acme")).count("linked Shop") == shown.count("linked Shop")
    assert signed_in(cast.dan).get("/activity/?organization=acme").status_code == 422
