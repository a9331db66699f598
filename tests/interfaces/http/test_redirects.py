"""Where a request may ask to be sent: only to paths of our own (R-RED-1)."""

import pytest

from keyholder.interfaces.http.redirects import LONGEST, is_own_path, safe_next

ELSEWHERE = (
    "//evil",
    "///evil",
    "////evil.example/x",
    "/\\evil",
    "\\\\evil",
    "\\/evil",
    "/%2f/evil",
    "/%2fevil",
    "/%2F%2Fevil",
    "/%252fevil",
    "/%25252fevil",
    "/%5cevil",
    "/%255cevil",
    "/%09/evil",
    "/\t/evil",
    "/%0a/evil",
    "/\n/evil",
    "/%0d%0aLocation:%20//evil",
    "/\r\nLocation: //evil",
    "/%00/evil",
    "/\x00/evil",
    "/\x01",
    "/%7f",
    "/\x7f",
    "https:evil",
    "https:/evil",
    "https://evil",
    "https:///evil",
    "https:\\\\evil",
    "https://host@evil",
    "https://host.evil",
    "https://127.0.0.1:8000/",
    "http://127.0.0.1:8000/",
    "HTTPS://evil",
    "ftp://evil",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "\x01javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "mailto:eve@evil.example",
    "/ok?next=//evil",
    "/ok?next=%2f%2fevil",
    "/ok?next=https://evil",
    "/ok#//evil",
    "/a/..//evil",
    "/.//evil",
    "/;//evil",
    "/\uff0fevil",
    "\uff0f\uff0fevil",
    "/%EF%BC%8Fevil",
    "/\uff3cevil",
    "/\u2028/evil",
    "/\u202eevil",
    "/\u200bevil",
    "/\ufeffevil",
    "@evil",
    "evil",
    "evil.example/path",
    "?next=/",
    "#top",
    " /home",
    "\t/home",
    "",
    "/" + "a" * LONGEST,
)

OURS = (
    "/",
    "/groups/",
    "/property/UA-100-1/users/?q=ben&sort=-name",
    "/people/12/?tab=access#groups",
    "/search/?q=Anna%20Kowalska",
    "/search/?q=%D0%9C%D0%B0%D1%80%D0%B8%D1%8F",
    "/explain/?who=ann@northwind.example&what=edit",
    "/" + "a" * (LONGEST - 1),
)


@pytest.mark.parametrize("asked", ELSEWHERE)
def test_r_red_1_dan_sends_a_link_that_leads_away_after_signing_in_and_alice_lands_at_home(asked: str) -> None:
    assert safe_next(asked) == "/"


@pytest.mark.parametrize("asked", OURS)
def test_r_red_1_alice_signs_in_and_lands_where_she_wanted_to_go(asked: str) -> None:
    assert safe_next(asked) == asked


@pytest.mark.parametrize("asked", [None, 7, ["/groups/"], {"next": "/"}, b"/groups/"])
def test_r_red_1_what_is_no_text_is_no_address(asked: object) -> None:
    assert safe_next(asked, "/groups/") == "/groups/"


def test_r_red_1_the_corpus_has_sixty_addresses_at_least() -> None:
    assert len(set(ELSEWHERE)) >= 60
    assert not any(is_own_path(address) for address in ELSEWHERE)
