"""Every request has an id that nobody can use to break a line of the log."""

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from keyholder.interfaces.http.request_ids import RequestIdMiddleware, request_id


def test_r_aud_4_a_request_without_an_id_gets_one_of_its_own() -> None:
    assert len(request_id("")) == 32
    assert request_id("") != request_id("")


@pytest.mark.parametrize("given", ["0af7651916cd43dd8448eb211c80319c", "req-2026.11.22_1", "a" * 64])
def test_a_sane_id_is_taken_over(given: str) -> None:
    assert request_id(given) == given


@pytest.mark.parametrize(
    "given",
    ["short", "a" * 65, "a b c d e f g", "line\nbreak-and-more", "<script>alert(1)</script>", "-leading-dash", "ünïcodeüü", "12345678\n"],
)
def test_r_log_1_an_id_that_could_break_a_line_of_the_log_is_replaced(given: str) -> None:
    assert request_id(given) != given


def test_the_answer_the_request_and_the_log_carry_the_same_id() -> None:
    seen: dict[str, object] = {}

    def answer(request: HttpRequest) -> HttpResponse:
        seen.update(structlog.contextvars.get_contextvars(), on_the_request=getattr(request, "request_id", ""))
        return HttpResponse()

    response = RequestIdMiddleware(answer)(RequestFactory().get("/", headers={"X-Request-ID": "from-the-proxy"}))
    assert response["X-Request-ID"] == seen["request_id"] == seen["on_the_request"] == "from-the-proxy"
    assert "request_id" not in structlog.contextvars.get_contextvars()
