"""Mails: text and HTML in the recipient's language, links from the public address alone, and headers that nothing gets into."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template import TemplateDoesNotExist, engines
from django.utils import translation

from keyholder.domain.letters import Letter, LetterKind
from keyholder.interfaces.jobs import headers, mails
from keyholder.interfaces.jobs.headers import UnsendableError
from keyholder.interfaces.jobs.mails import Mail
from keyholder.services import letters, proofs
from keyholder.services.proofs import Mailed, Purpose
from tests.interfaces.jobs.posting import built

GIVEN = {"giver": "Alice", "place": "Shop", "type": "account", "what": ["edit"], "until": "2026-12-24T23:59:59Z", "resource": 1}
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
    for told in ("Hello Zoe,", "Alice gave you access to", "Shop", "(Account): Edit.", "It ends with 24 December 2026."):
        assert told in text
        assert told in re.sub(r"</?strong>", "", page)
    link = f"http://127.0.0.1:8000{path}"
    assert link in text
    assert Tags(page).links == [link]
    assert all(len(line) <= 998 for line in mail.raw.split(b"\r\n"))
    assert mail.raw.isascii()


def test_a_mail_without_an_end_and_without_a_link_has_no_holes(db: None) -> None:
    text = part(built(LetterKind.ACCESS_GIVEN, details={**GIVEN, "until": ""}), "plain")
    assert "\n\n\n" not in text
    assert "ends with" not in text


def test_a_mail_is_in_its_recipients_language(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever language is active where it is made; one that is not there is English."""
    spoken: list[str | None] = []
    made = mails._context

    def noting(letter: Letter) -> dict[str, object]:
        spoken.append(translation.get_language())
        return made(letter)

    monkeypatch.setattr(mails, "_context", noting)
    with translation.override("lv"):
        mail = built(LetterKind.ACCESS_GIVEN, name="Zoe", language="ru", details=GIVEN)
        built(language="tlh")
        built()
    assert spoken == ["ru", "ru", "en", "en", "en", "en"]
    assert '<html lang="ru">' in part(mail, "html")


def test_a_platforms_words_are_in_the_recipients_language(db: None) -> None:
    words = {language: part(built(LetterKind.ACCESS_GIVEN, language=language, details=GIVEN), "plain") for language in ("en", "ru")}
    assert "(Account): Edit" in words["en"]
    assert re.search(r"\([\u0400-\u04ff]+\)", words["ru"])


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
    details = {**GIVEN, "giver": nasty, "place": nasty, "what": [nasty], "type": "account"}
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


def test_a_kind_without_a_page_of_its_own_shows_its_text(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    found = engines["mail"].get_template

    def without(name: str) -> Any:
        if name == "mail/test.html":
            raise TemplateDoesNotExist(name)
        return found(name)

    monkeypatch.setattr(engines["mail"], "get_template", without)
    page = part(built(details={"sender": "<b>Alice"}), "html")
    assert "<p>&lt;b&gt;Alice has tried whether" in page


def test_who_needs_help_is_told_where_to_write(db: None, settings: Any) -> None:
    assert "needs help" not in part(built(), "plain")
    settings.SUPPORT_EMAIL = "help@acme.example"
    mail = built()
    assert "Who needs help writes to help@acme.example." in part(mail, "plain")
    assert "Who needs help writes to help@acme.example." in part(mail, "html")


def test_a_domain_beyond_ascii_is_written_as_a_server_takes_it(db: None) -> None:
    assert built(recipient="Zoe@Bücher.example").recipient == "Zoe@xn--bcher-kva.example"


def test_what_a_platform_does_not_know_any_more_is_named_as_it_was(db: None) -> None:
    text = part(built(LetterKind.ACCESS_GIVEN, details={**GIVEN, "type": "gone", "what": ["old"]}), "plain")
    assert "(gone): old." in text
    assert "(Account): old." in part(built(LetterKind.ACCESS_GIVEN, details={**GIVEN, "what": ["old"]}), "plain")


@pytest.mark.parametrize(
    ("what", "subject", "words"),
    [
        ("added", "A second factor was set up", "the second factor Telephone was set up for your account."),
        ("removed", "A second factor was removed", "the second factor Telephone was removed from your account."),
        ("codes", "New recovery codes were made", "ten new recovery codes were made for your account."),
        ("lost", "Your second factors were removed", "Otto removed every second factor and every recovery code from your account"),
    ],
)
def test_what_becomes_of_second_factors_is_told_alike_in_both(what: str, subject: str, words: str, db: None) -> None:
    mail = built(LetterKind.FACTOR_CHANGED, name="Zoe", path="/reset/", details={"what": what, "factor": "Telephone", "by": "Otto"})
    assert read(mail)["Subject"] == subject
    assert words in part(mail, "plain")
    page = part(mail, "html")
    assert words.casefold() in re.sub(r"\s+", " ", re.sub(r"</?strong>", "", page)).casefold()
    assert Tags(page).links == ["http://127.0.0.1:8000/reset/"]


def test_every_manager_reads_who_put_what_into_the_trash_and_until_when() -> None:
    """Semantics 4: as text and as a page, with the way to where it is restored."""
    told = {"by": "Ben", "place": "Shop", "reason": "Closed", "until": "2026-12-27T12:00:00Z"}
    mail = built(LetterKind.RESOURCE_TRASHED, name="Alice", path="/trash/", details=told)
    assert read(mail)["Subject"] == "Shop is in the trash"
    for kind in ("plain", "html"):
        written = re.sub(r"<[^>]+>", "", part(mail, kind))
        for words in ("Ben put Shop, which you manage, into the trash.", "Their reason: Closed", "2026 you can restore it"):
            assert words in " ".join(written.split())
    assert "/trash/" in part(mail, "plain")


@pytest.mark.parametrize(
    ("side", "address", "said"),
    [
        ("account", "dan@acme.example", ("Dan (dan@acme.example) asks to link Market (account:200)", "You can agree as an admin of Acme.")),
        ("organization", "", ("Dan asks to link Market (account:200)", "You can agree as somebody who manages Market.")),
    ],
)
def test_who_may_agree_to_a_link_reads_who_asks_for_it_and_why(side: str, address: str, said: tuple[str, ...]) -> None:
    names = {"account": "Market", "key": "account:200", "organization": "Acme"}
    told = {**names, "side": side, "asker": "Dan", "address": address, "reason": "One company"}
    mail = built(LetterKind.LINK_ASKED, name="Alice", path="/requests/", details=told)
    assert read(mail)["Subject"] == "Dan asks to link Market to Acme"
    for kind in ("plain", "html"):
        assert_said(mail, kind, *said, "to the organization Acme.", "Their reason: One company", "agree, or refuse with a reason")


@pytest.mark.parametrize(
    ("approved", "subject", "said"),
    [
        (True, "Market is linked to Acme", ("Market belongs to the organization Acme now.",)),
        (False, "The link of Market to acme was refused", ("Market is not linked to acme.", "They write: Not ours")),
    ],
)
def test_who_asked_for_a_link_reads_what_became_of_it(approved: bool, subject: str, said: tuple[str, ...]) -> None:  # noqa: FBT001 - a case
    told = {
        "approved": approved,
        "account": "Market",
        "organization": "Acme" if approved else "acme",
        "answer": "" if approved else "Not ours",
    }
    mail = built(LetterKind.LINK_ANSWERED, name="Dan", path="/requests/", details=told)
    assert read(mail)["Subject"] == subject
    for kind in ("plain", "html"):
        assert_said(mail, kind, "Hello Dan,", *said, "/requests/")


def assert_said(mail: Mail, kind: str, *said: str) -> None:
    """See that a part of a mail says all of this, its tags and line breaks apart."""
    written = " ".join(re.sub(r"<[^>]+>", "", part(mail, kind)).split())
    assert all(words in written for words in said), written
