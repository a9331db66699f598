"""Mails: text and HTML in the recipient's language, links from the public address alone, and headers that nothing gets into."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template import engines
from django.utils import translation

from keyholder.domain.letters import Letter, LetterKind
from keyholder.interfaces.jobs import headers, mails
from keyholder.interfaces.jobs.headers import UnsendableError
from keyholder.interfaces.jobs.mails import Mail
from keyholder.interfaces.jobs.writing import Written, written
from keyholder.services import letters, proofs
from keyholder.services.proofs import Mailed, Purpose
from tests.interfaces.jobs.posting import built

BY = {"by": "Alice", "by_address": "alice@acme.example"}
GIVEN = {**BY, "place": "Shop", "type": "account", "what": ["edit"], "until": "2026-12-24T23:59:59Z", "resource": 1}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<a href=javascript:alert(1)>x</a>",
    "</title><style>*{}</style>",
    "{{ link }}{% now 'Y' %}",
    "&lt;b&gt;",
)
BROKEN = (
    "Zoe\r\nBcc: eve@evil.example",
    "Zoe\nBcc: eve@evil.example",
    "Zoe\rBcc: eve@evil.example",
    "Zoe\0",
    "Zoe\u2028Bcc: x",
    "Zoe\x1b[0m",
)


def read(mail: Mail) -> EmailMessage:
    return message_from_bytes(mail.raw, policy=default)


def part(mail: Mail, kind: str) -> str:
    body = read(mail).get_body((kind,))
    assert body is not None
    return str(body.get_content())


class Tags(HTMLParser):
    """The tags of a page, and where its links lead."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def test_a_mail_is_text_and_html_with_its_headers(db: None) -> None:
    path = "/admin/google_analytics/?at=account:100"
    mail = built(LetterKind.ACCESS_GIVEN, "Zoe@Elsewhere.example", name="Zoe", path=path, details=GIVEN)
    message = read(mail)
    assert message.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]
    assert str(message["From"]) == "Keyholder <keyholder@acme.example>"
    assert str(message["To"]) == "Zoe <Zoe@elsewhere.example>"
    assert message["Subject"] == "You have access to Shop"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Sun, 22 Nov 2026 12:00:00 +0000"
    assert re.fullmatch(r"<letter-7-20261122120000000000@127\.0\.0\.1>", message["Message-ID"])
    text, page = part(mail, "plain"), part(mail, "html")
    given = "Alice gave you access to Shop (Account, Google Analytics): Edit."
    for told in ("Hello Zoe!", given, "It ends on 24 December 2026, 23:59 UTC."):
        assert told in text
        assert told in page
    link = f"http://127.0.0.1:8000{path}"
    assert link in text
    assert Tags(page).links == [link]
    assert all(len(line) <= 998 for line in mail.raw.split(b"\r\n"))
    assert mail.raw.isascii()


def test_a_mail_without_an_end_and_without_a_link_has_no_holes(db: None) -> None:
    text = part(built(LetterKind.ACCESS_GIVEN, details={**GIVEN, "until": ""}), "plain")
    assert "\n\n\n" not in text
    assert "ends on" not in text


def test_a_mail_is_in_its_recipients_language(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever language is active where it is made; one that is not there is English."""
    spoken: list[str | None] = []
    made = written

    def noting(letter: Letter) -> Written:
        spoken.append(translation.get_language())
        return made(letter)

    monkeypatch.setattr(mails, "written", noting)
    with translation.override("lv"):
        mail = built(LetterKind.ACCESS_GIVEN, name="Zoe", language="ru", details=GIVEN)
        built(language="tlh")
        built()
    assert spoken == ["ru", "en", "en"]
    assert '<html lang="ru">' in part(mail, "html")


def test_a_platforms_words_are_in_the_recipients_language(db: None) -> None:
    words = {language: part(built(LetterKind.ACCESS_GIVEN, language=language, details=GIVEN), "plain") for language in ("en", "ru")}
    assert "(Account, Google Analytics): Edit" in words["en"]
    assert "(Аккаунт, Google Аналитика): Изменение" in words["ru"]


@pytest.mark.parametrize(
    ("kind", "purpose", "page"),
    [
        (LetterKind.INVITATION, Purpose.INVITATION, "/invitation/"),
        (LetterKind.PASSWORD_RESET, Purpose.RESET, "/reset/"),
        (LetterKind.ADDRESS_PROOF, Purpose.VERIFICATION, "/verify/"),
    ],
)
def test_a_secret_is_made_with_the_mail_and_opens_only_what_it_is_for(kind: LetterKind, purpose: Purpose, page: str) -> None:
    """R-INV-8: it stands in the mail and nowhere else."""
    link = letters.link(Letter(kind, "zoe@elsewhere.example", about=12, generation=3))
    assert link.startswith(f"http://127.0.0.1:8000{page}m12-3-")
    secret = link.removesuffix("/").rpartition("/")[2]
    assert proofs.read_mailed(purpose, secret) == Mailed(12, 3)


def test_r_hst_1_links_come_from_the_public_address(db: None, settings: Any) -> None:
    settings.PUBLIC_URL = "https://keys.acme.example"
    page = part(built(LetterKind.ACCESS_GIVEN, path="/admin/x/", details=GIVEN), "html")
    assert Tags(page).links == ["https://keys.acme.example/admin/x/"]
    assert read(built())["Message-ID"].endswith("@keys.acme.example>")


@pytest.mark.parametrize("nasty", HOSTILE)
def test_r_xss_1_a_name_is_text_in_a_mail(db: None, nasty: str) -> None:
    plain = Tags(part(built(LetterKind.ACCESS_GIVEN, name="Zoe", path="/x/", details=GIVEN), "html"))
    details = {**GIVEN, "by": nasty, "by_address": nasty, "place": nasty, "what": [nasty], "type": "account"}
    mail = built(LetterKind.ACCESS_GIVEN, name=nasty, path="/x/", details=details)
    found = Tags(part(mail, "html"))
    assert (found.tags, found.links) == (plain.tags, plain.links)
    assert nasty in part(mail, "plain")
    assert read(mail)["Subject"] == f"You have access to {nasty}"


@pytest.mark.parametrize("nasty", BROKEN)
@pytest.mark.parametrize("where", ["name", "place", "recipient"])
def test_r_hdr_1_nothing_gets_into_a_header(db: None, nasty: str, where: str) -> None:
    """R-HDR-1: a line break or a NUL in whatever a header holds is refused when the mail is made."""
    given: dict[str, Any] = {"name": "Zoe", "details": GIVEN}
    if where == "place":
        given["details"] = {**GIVEN, "place": nasty}
    elif where == "name":
        given["name"] = nasty
    with pytest.raises(UnsendableError):
        built(LetterKind.ACCESS_GIVEN, f"{nasty}@acme.example" if where == "recipient" else "zoe@elsewhere.example", **given)


def test_r_hdr_1_a_header_that_slipped_through_is_found_when_the_mail_is_read_back() -> None:
    message = EmailMessage()
    message["Subject"] = "Hello"
    message.set_content("x")
    raw = message.as_bytes()
    assert headers.checked(message, raw) == raw
    for forged in (b"Bcc: eve@evil.example\r\n" + raw, b"Subject: again\r\n" + raw):
        with pytest.raises(UnsendableError, match="begin another one"):
            headers.checked(message, forged)


def test_r_hdr_1_a_name_is_not_read_as_an_encoded_word(db: None) -> None:
    """R-HDR-1: what somebody is called says what it says."""
    disguised = "=?utf-8?q?Bcc=3A_eve?="
    mail = built(LetterKind.ACCESS_GIVEN, name=disguised, details={**GIVEN, "place": disguised})
    assert read(mail)["Subject"] == "You have access to = ?utf-8?q?Bcc=3A_eve?="
    assert read(mail)["To"].addresses[0].display_name == "= ?utf-8?q?Bcc=3A_eve?="


def test_half_a_character_is_refused() -> None:
    with pytest.raises(UnsendableError, match="half a character"):
        headers.line("Zoe \ud83d")


def test_a_text_of_several_lines_keeps_them_in_the_body(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    template = engines["mail-text"].from_string("Subject\n\n{{ details.message }}{{ details.more.0 }}{{ details.some.one }}")
    foot = engines["mail-text"].from_string("foot")
    monkeypatch.setattr(engines["mail-text"], "get_template", lambda name: foot if "foot" in name else template)
    text = part(built(details={"message": "one\r\ntwo\rthree\n", "more": ["four\n"], "some": {"one": "five"}, "number": 6}), "plain")
    assert text.replace("\r\n", "\n") == "one\ntwo\nthree\nfour\nfive\n\n-- \nfoot\n"


@pytest.mark.parametrize(
    ("support", "answers", "told"),
    [
        ("", None, "Nobody reads answers to this mail."),
        ("help@acme.example", "help@acme.example", "If you need help, answer this mail or write to help@acme.example."),
        ("extension 12", None, "Nobody reads answers to this mail. If you need help, write to extension 12."),
    ],
)
def test_who_needs_help_is_told_where_to_write(support: str, answers: str | None, told: str, db: None, settings: Any) -> None:
    """An answer goes to who helps, where that is an address."""
    settings.SUPPORT_EMAIL = support
    mail = built()
    assert read(mail)["Reply-To"] == answers
    for kind in ("plain", "html"):
        assert told in " ".join(part(mail, kind).split())


def test_a_domain_beyond_ascii_is_written_as_a_server_takes_it(db: None) -> None:
    assert built(recipient="Zoe@Bücher.example").recipient == "Zoe@xn--bcher-kva.example"


def test_what_a_platform_does_not_know_any_more_is_named_as_it_was(db: None) -> None:
    text = part(built(LetterKind.ACCESS_GIVEN, details={**GIVEN, "type": "gone", "what": ["old"]}), "plain")
    assert "(gone): old." in text
    assert "(Account, Google Analytics): old." in part(built(LetterKind.ACCESS_GIVEN, details={**GIVEN, "what": ["old"]}), "plain")
