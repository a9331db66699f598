"""One's own address in the console: changed by a letter, proven, dropped; the same said whoever has the other one (R-EML-7, R-ENU-1)."""

import re
from typing import Any

import pytest
from django.test import Client

from keyholder.domain.letters import LetterKind
from keyholder.services.commands import people
from keyholder.storage.models import Letter, Session, User
from keyholder.storage.session_rows import SessionStore
from tests.cast import Cast, caller
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast
from tests.services import mailing

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
PASSWORD = "seven quiet herons wait"


@pytest.fixture
def ben(cast: Cast, signed_in: SignedIn) -> Client:
    """Let the instance mail, and Ben be signed in."""
    mailing.begin()
    return signed_in(cast.ben)


def proof() -> str:
    """Return where the newest letter with a proof leads."""
    return f"/verify/{mailing.secret(mailing.letters(LetterKind.ADDRESS_PROOF)[-1])}/"


def confirm(client: Client, *, follow: bool = False) -> Any:
    """Say yes to what is shown."""
    about = client.get("/verify/confirm/").context["page"].about
    return client.post("/verify/confirm/", {"about": about}, follow=follow)


def test_ben_changes_his_address(cast: Cast, signed_in: SignedIn, client: Client) -> None:
    """R-EML-7: by a letter that may be opened in another browser, once he has signed in there; looking uses nothing up."""
    mailing.begin()
    people.set_password(by=caller(cast.ben), user=cast.ben, password=PASSWORD)
    ben = signed_in(cast.ben)
    assert toast(ben.post("/me/address/", {"address": "bb@acme.example"}, follow=True)) == "A letter is on its way to bb@acme.example."
    assert "bb@acme.example waits for its proof" in text(ben.get("/me/"))
    for reader in (client, signed_in(cast.cleo)):
        opened = reader.get(proof())
        assert (opened["Location"], opened["Referrer-Policy"]) == ("/verify/confirm/", "no-referrer")
        page = text(reader.get("/verify/confirm/"))
        assert ("Ben wants to use bb@acme.example here." in page, "Yes, use it" in page) == (True, False)
        assert "If you are Ben, sign in first, with the address that you have used until now." in page
    client.post("/verify/confirm/")
    into = client.post("/sign-in/?next=/verify/confirm/", {"address": "ben@acme.example", "password": PASSWORD})
    assert into["Location"] == "/verify/confirm/"
    assert User.objects.get(pk=cast.ben).email == "ben@acme.example"
    assert confirm(client).status_code == 302
    assert User.objects.get(pk=cast.ben).email == "bb@acme.example"
    assert client.get("/verify/confirm/").status_code == 410
    assert client.post("/verify/confirm/").status_code == 410
    assert "not proven" not in text(ben.get("/me/"))


def test_ben_proves_the_address_that_he_has(cast: Cast, ben: Client) -> None:
    assert "not proven" in text(ben.get("/me/"))
    assert toast(ben.post("/me/address/verify/", follow=True)) == "A letter is on its way to ben@acme.example."
    ben.get(proof())
    assert toast(confirm(ben, follow=True)) == "The address ben@acme.example is proven."
    assert "is your address, and proven already" in toast(ben.post("/me/address/verify/", follow=True))


def test_ben_drops_it(cast: Cast, ben: Client) -> None:
    ben.post("/me/address/", {"address": "bb@acme.example"})
    address = proof()
    assert "The change is dropped" in toast(ben.post("/me/address/drop/", follow=True))
    assert ben.get(address, follow=True).status_code == 410


def test_r_enu_1_the_same_is_said_whoever_has_the_address(cast: Cast, ben: Client) -> None:
    said = set()
    for address in ("cleo@acme.example", "eve@acme.example"):
        page = ben.post("/me/address/", {"address": address}, follow=True).content.decode()
        said.add(re.sub(r'value="[A-Za-z0-9]{64}"|title="[^"]*"|datetime="[^"]*"', "", page.replace(address, "")))
    assert len(said) == 1


def test_an_address_that_is_taken_is_refused_to_who_opened_its_letter(cast: Cast, ben: Client) -> None:
    ben.post("/me/address/", {"address": "cleo@acme.example"})
    ben.get(proof())
    refused = confirm(ben)
    assert (refused.status_code, "There is a person with the address cleo@acme.example already." in text(refused)) == (409, True)


@pytest.mark.parametrize(
    ("fields", "status"), [({"address": ["a@acme.example", "b@acme.example"]}, 400), ({"address": "a@a.example, b@b.example"}, 422)]
)
def test_r_eml_5_one_address_and_no_more(ben: Client, fields: dict[str, Any], status: int) -> None:
    assert ben.post("/me/address/", fields).status_code == status
    assert not Letter.objects.exists()


@pytest.mark.parametrize("secret", ["nonsense", "m1-1-" + "A" * 43])
def test_a_proof_that_is_none(client: Client, db: None, secret: str) -> None:
    assert client.get(f"/verify/{secret}/", follow=True).status_code == 410
    assert Client().get("/verify/confirm/").status_code == 410


def test_r_log_2_the_secret_is_kept_nowhere(cast: Cast, ben: Client, client: Client) -> None:
    ben.post("/me/address/", {"address": "bb@acme.example"})
    client.get(proof())
    secret = proof().split("/")[2]
    assert secret not in str([SessionStore(row.pk).load() for row in Session.objects.all()])


def test_r_eml_7_nothing_that_a_person_sends_marks_an_address_as_proven(cast: Cast, ben: Client) -> None:
    """No field of any form and no command but a proof does."""
    for page in ("/me/name/", "/me/address/", "/me/address/verify/"):
        assert ben.post(page, {"name": "Ben", "address": "a@acme.example", "email_verified": "1"}).status_code == 400
    people.rename_user(by=caller(cast.ben), user=cast.ben, name="Benjamin")
    assert not User.objects.get(pk=cast.ben).email_verified


def test_yes_is_said_to_what_was_shown(cast: Cast, ben: Client) -> None:
    """Ben changes his mind, and the letter about another address is opened beside the page: his yes is none to that one."""
    ben.post("/me/address/", {"address": "bb@acme.example"})
    ben.get(proof())
    about = ben.get("/verify/confirm/").context["page"].about
    ben.post("/me/address/", {"address": "bbb@acme.example"})
    ben.get(proof())
    for stale in ({"about": about}, {}):
        refused = ben.post("/verify/confirm/", stale)
        assert (refused.status_code, "Another link was opened in this browser since." in text(refused)) == (409, True)
    assert User.objects.get(pk=cast.ben).email == "ben@acme.example"
