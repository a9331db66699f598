"""Refusals become answers once: the status, the words, and nothing about the program."""

import re
from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal, Refusals, RefusedRow
from keyholder.domain.sentences import sentence
from keyholder.interfaces.http import errors
from keyholder.interfaces.http.refusals import RefusalMiddleware, reasons, status_of

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")

LAST = sentence("{person} is the last person who manages {account}.", person="Alice", account="Shop")


def get() -> HttpRequest:
    """Make a request of somebody who is not signed in."""
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=False)  # type: ignore[assignment]  # stands in for nobody
    return request


def without_token(page: HttpResponse) -> str:
    """Return a page without what is drawn anew for every page."""
    return re.sub(r'(csrfmiddlewaretoken" value=)"[^"]*"', r"\1", page.content.decode())


@pytest.mark.parametrize(("kind", "status"), [(NotFound, 404), (Forbidden, 403), (Conflict, 409), (Invalid, 422)])
def test_each_kind_of_refusal_has_its_status(kind: type[Refusal], status: int) -> None:
    assert status_of(kind("x", LAST)) == status


def test_several_refusals_answer_with_the_first_and_name_each() -> None:
    several = Refusals([RefusedRow("1", Conflict("x", LAST, place="row 1")), RefusedRow("2", Invalid("y", sentence("No.")))])
    assert status_of(several) == 409
    assert reasons(several) == ("row 1: Alice is the last person who manages Shop.", "No.")


def test_a_refusal_becomes_a_page_that_says_the_rule() -> None:
    page = RefusalMiddleware(lambda _request: HttpResponse()).process_exception(get(), Conflict("last_manager", LAST))
    assert isinstance(page, HttpResponse)
    assert page.status_code == 409
    assert "Alice is the last person who manages Shop." in page.content.decode()


def test_r_xss_1_what_people_wrote_is_text_in_an_error_page() -> None:
    refusal = Invalid("x", sentence("{name} is taken.", name="<script>alert(1)</script>"))
    page = RefusalMiddleware(lambda _request: HttpResponse()).process_exception(get(), refusal)
    assert isinstance(page, HttpResponse)
    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_what_is_no_refusal_goes_on_to_be_an_error() -> None:
    assert RefusalMiddleware(lambda _request: HttpResponse()).process_exception(get(), ValueError("secret")) is None


def test_r_ten_1_what_may_not_be_seen_and_what_does_not_exist_are_one_page() -> None:
    hidden = errors.not_found(get(), ValueError("it is there"))
    missing = errors.not_found(get(), ValueError("it is not there"))
    assert hidden.status_code == missing.status_code == 404
    assert without_token(hidden) == without_token(missing)


@pytest.mark.parametrize(("answer", "status"), [(errors.bad_request, 400), (errors.forbidden, 403)])
def test_an_error_page_tells_nothing_about_the_program(answer: object, status: int) -> None:
    assert callable(answer)
    page = answer(get(), ValueError("a secret of the program"))
    assert page.status_code == status
    assert "secret" not in page.content.decode()


def test_when_something_broke_the_page_needs_nothing_that_might_have_broken() -> None:
    page = errors.server_error(get())
    assert page.status_code == 500
    assert "Something broke on our side" in page.content.decode()


def test_r_csrf_1_a_form_from_elsewhere_is_told_that_nothing_was_changed() -> None:
    page = errors.csrf_failure(get(), "Referer checking failed")
    assert page.status_code == 403
    assert "Nothing was changed" in page.content.decode()
    assert "Referer" not in page.content.decode()
