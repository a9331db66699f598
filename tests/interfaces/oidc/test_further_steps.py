"""What comes after a provider has proven somebody: a second factor, or an invitation (R-OIDC-12, R105)."""

import re

from django.test import Client

from keyholder.domain.identifiers import PrincipalId
from keyholder.services.commands.inviting import Wish
from keyholder.services.seals import Use, seal
from keyholder.storage.models import Authenticator, Event, Identity, User
from tests.cast import NOW, Cast, holds
from tests.interfaces.console.pages import text
from tests.interfaces.oidc.hostile import Provider, back, go, who
from tests.services.inviting_people import EVE, invite


def test_r_oidc_12_alice_is_asked_for_her_second_factor(provider: Provider, cast: Cast, client: Client) -> None:
    """R-OIDC-12: whatever way she comes, she is not in before she has proven it."""
    Authenticator.objects.create(user_id=cast.alice, name="Telephone", secret=seal("AAAA", Use.AUTHENTICATOR), added_at=NOW)
    answer = back(client, go(client, provider, next="/groups/")["state"])
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/second/?next=%2Fgroups%2F")
    assert who(client) is None
    assert not Event.objects.filter(action="sign_in.succeeded").exists()
    assert client.get("/groups/").status_code == 302


def test_r105_eve_accepts_her_invitation_by_what_her_provider_proves(provider: Provider, cast: Cast, client: Client) -> None:
    """R105: the verified address is the invited one; she chooses a name and no password, and has what she was shown."""
    sent = invite(cast, wish=Wish(["edit"]))
    client.get(f"/invitation/{sent.secret}/")
    provider.says = {"email": EVE, "sub": "eve-1", "name": "Eve Adler"}
    assert back(client, go(client, provider, next="/invitation/")["state"])["Location"] == "/invitation/"
    page = client.get("/invitation/")
    assert f"has proven that {EVE} is yours" in text(page)
    assert 'value="Eve Adler"' in page.content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page.content.decode())
    assert seen is not None
    assert client.post("/invitation/", {"answer": "join", "seen": seen[1], "name": "Eve Adler"})["Location"] == "/invitation/"
    eve = PrincipalId(User.objects.get(canonical=EVE).pk)
    assert (who(client), Identity.objects.get(user=eve).subject) == (eve, "eve-1")
    assert "edit" in holds(eve, cast.view)
    assert "You are in" in text(client.get("/invitation/"))


def test_r_inv_4_another_address_at_the_provider_is_told_apart(provider: Provider, cast: Cast, client: Client) -> None:
    """R-INV-4: nothing is used up; she can switch."""
    sent = invite(cast, wish=Wish(["edit"]))
    client.get(f"/invitation/{sent.secret}/")
    provider.says = {"email": "mallory@else.example", "sub": "mallory", "name": "Mallory"}
    back(client, go(client, provider, next="/invitation/")["state"])
    page = client.get("/invitation/")
    assert page.status_code == 409
    assert "mallory@else.example" in text(page)
    assert not User.objects.filter(canonical="mallory@else.example").exists()
