"""Sessions: how long they last, listed and ended, one's own and by an operator (R-SES-2, R-SES-3)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.http.entering import enter
from keyholder.services.commands import people
from keyholder.storage.models import Event, Session, User
from tests.cast import OPERATOR, Cast
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast
from tests.interfaces.console.ticking import Clock

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def test_r_ses_3_a_session_that_is_not_used_ends(cast: Cast, signed_in: SignedIn, time: Clock, settings: Any) -> None:
    browser = signed_in(cast.ben)
    for _use in range(3):
        time.on(hours=settings.SESSION_HOURS, seconds=-1)
        assert browser.get("/me/").status_code == 200
    time.on(hours=settings.SESSION_HOURS)
    assert browser.get("/me/").status_code == 302
    assert not Session.objects.exists()


def test_r_ses_3_a_session_that_is_used_ends_too_at_last(cast: Cast, signed_in: SignedIn, time: Clock, settings: Any) -> None:
    browser = signed_in(cast.ben)
    end = time.at + timedelta(hours=settings.SESSION_LONGEST_HOURS)
    while time.at + timedelta(hours=11) < end:
        time.on(hours=11)
        assert browser.get("/me/").status_code == 200
    time.at = end
    assert browser.get("/me/").status_code == 302


def test_when_a_session_was_used_last_is_known_to_the_minute(cast: Cast, signed_in: SignedIn, time: Clock) -> None:
    browser = signed_in(cast.ben)
    begun = time.at
    for seconds, seen in ((59, begun), (2, begun + timedelta(seconds=61))):
        time.on(seconds=seconds)
        browser.get("/me/")
        assert Session.objects.get().seen_at == seen


def test_writing_to_a_session_keeps_when_it_was_used(cast: Cast, signed_in: SignedIn, time: Clock) -> None:
    browser = signed_in(cast.ben)
    time.on(minutes=5)
    browser.get("/me/factors/authenticator/")
    row = Session.objects.get()
    assert (row.seen_at, row.is_open, row.user) == (time.at, True, cast.ben)


def test_a_session_of_unknown_beginning_begins_now(cast: Cast, time: Clock) -> None:
    from keyholder.interfaces.console.views.signing_in import BACKEND
    from keyholder.interfaces.http.authentication import SignInBackend

    browser = Client()
    browser.force_login(SignInBackend().get_user(cast.ben), BACKEND)
    browser.get("/me/", headers=FIREFOX)
    row = Session.objects.get()
    assert (row.since, row.browser, row.address) == (time.at, "Firefox, Linux", "127.0.0.1")


def handles(page: Any) -> list[str]:
    return re.findall(r'name="session" value="([0-9a-f]{24})"', page.content.decode())


def test_r_ses_3_ben_sees_his_sessions_and_ends_one(cast: Cast, signed_in: SignedIn) -> None:
    here, elsewhere, hers = signed_in(cast.ben), signed_in(cast.ben), signed_in(cast.cleo)
    elsewhere.get("/me/", headers=FIREFOX)
    page = here.get("/me/")
    assert page.content.decode().count('tone-ok">this one') == 1
    (handle,) = handles(page)
    keys = list(Session.objects.values_list("pk", flat=True))
    assert [key for key in keys if key in page.content.decode()] == [], "no key leaves its cookie"
    assert hers.post("/me/sessions/end/", {"session": handle}).status_code == 404
    assert toast(here.post("/me/sessions/end/", {"session": handle}, follow=True)) == "The session has ended."
    assert (here.get("/").status_code, elsewhere.get("/").status_code, hers.get("/").status_code) == (200, 302, 200)


def test_r_ses_3_ben_ends_all_others(cast: Cast, signed_in: SignedIn) -> None:
    here, others = signed_in(cast.ben), [signed_in(cast.ben) for _ in range(2)]
    for _again in range(2):
        assert toast(here.post("/me/sessions/end-others/", follow=True)) == "Every other session has ended."
    assert [browser.get("/").status_code for browser in (here, *others)] == [200, 302, 302]
    assert Event.objects.filter(action="sign_in.sessions_ended").count() == 1


def test_r_ses_3_an_operator_sees_and_ends_somebody_s(cast: Cast, signed_in: SignedIn) -> None:
    people.appoint_operator(by=OPERATOR, user=cast.alice)
    alice, ben = signed_in(cast.alice), signed_in(cast.ben)
    ben.get("/me/", headers=FIREFOX)
    assert "Sessions" in text(alice.get(f"/people/{cast.ben}/"))
    assert "signed out in every browser" in text(alice.get(f"/people/{cast.ben}/sessions/end/"))
    assert toast(alice.post(f"/people/{cast.ben}/sessions/end/", follow=True)) == "The sessions of Ben have ended."
    assert ben.get("/").status_code == 302


def test_r_ses_2_a_suspension_ends_them_at_the_next_request(cast: Cast, signed_in: SignedIn) -> None:
    ben = signed_in(cast.ben)
    people.suspend(by=OPERATOR, user=cast.ben)
    assert (ben.get("/").status_code, Session.objects.filter(user=cast.ben).count()) == (302, 0)


def test_nobody_enters_who_was_suspended_at_that_moment(cast: Cast, rf: Any) -> None:
    from keyholder.storage.session_rows import SessionStore

    User.objects.filter(pk=cast.ben).update(status="suspended")
    request = rf.get("/")
    request.session = SessionStore()
    enter(request, PrincipalId(cast.ben))
    assert dict(request.session.items()) == {}
