"""How much a request may hold, judged by its head (R-DOS-1)."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from keyholder.interfaces.http.limits import LimitsMiddleware, verdict
from keyholder.interfaces.http.policy import BODY_BYTES, HEADER_BYTES, HEADER_COUNT

MIB = 1024 * 1024


def request(**meta: str) -> HttpRequest:
    """Make a request with these WSGI variables and no other header."""
    made = RequestFactory().post("/")
    made.META = {"SERVER_NAME": "localhost", "REQUEST_METHOD": "POST", **meta}
    return made


def test_r_dos_1_the_limits_are_those_of_the_requirement() -> None:
    assert (BODY_BYTES, HEADER_BYTES, HEADER_COUNT) == (MIB, 16 * 1024, 100)


@pytest.mark.parametrize(
    ("meta", "status"),
    [
        ({}, None),
        ({"CONTENT_LENGTH": ""}, None),
        ({"CONTENT_LENGTH": "0"}, None),
        ({"CONTENT_LENGTH": str(MIB)}, None),
        ({"CONTENT_LENGTH": str(MIB + 1)}, 413),
        ({"CONTENT_LENGTH": "9" * 30}, 413),
        ({"CONTENT_LENGTH": "-1"}, 400),
        ({"CONTENT_LENGTH": "1e3"}, 400),
        ({"CONTENT_LENGTH": "\u0661\u0662"}, 400),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
        ({"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": "5"}, None),
    ],
)
def test_r_dos_1_a_body_says_how_long_it_is_and_is_not_longer_than_a_mebibyte(meta: dict[str, str], status: int | None) -> None:
    assert verdict(request(**meta)) == status


def test_r_dos_1_a_hundred_headers_are_enough() -> None:
    assert verdict(request(**{f"HTTP_X_{number}": "1" for number in range(100)})) is None
    assert verdict(request(**{f"HTTP_X_{number}": "1" for number in range(101)})) == 431


def test_r_dos_1_sixteen_kibibytes_of_head_are_enough() -> None:
    assert verdict(request(HTTP_X="a" * (16 * 1024 - 1))) is None
    assert verdict(request(HTTP_X="a" * (16 * 1024))) == 431


def test_r_dos_1_what_is_too_long_reaches_nobody() -> None:
    def nobody(_request: HttpRequest) -> HttpResponse:
        pytest.fail("the request was let through")

    answer = LimitsMiddleware(nobody)(request(CONTENT_LENGTH=str(MIB + 1)))
    assert answer.status_code == 413


def test_what_is_within_the_limits_is_answered() -> None:
    assert LimitsMiddleware(lambda _request: HttpResponse("hello"))(request()).status_code == 200
