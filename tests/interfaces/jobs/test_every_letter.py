"""Every letter in every language: whole, the same as text and as a page, and with nothing in it that is not meant."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest
from django.utils import translation

from keyholder.config.settings import LANGUAGES
from keyholder.domain.letters import LetterKind
from keyholder.interfaces.jobs import mails
from keyholder.interfaces.jobs.headers import UnsendableError
from keyholder.interfaces.jobs.mails import Envelope
from keyholder.interfaces.jobs.writing import Written, written
from keyholder.services import letters
from tests import brackets
from tests.cast import NOW
from tests.interfaces.jobs.every_letter import CASES, Case
from tests.interfaces.jobs.posting import SENDER

HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
CHOSEN = {"at", "until", "type", "what"}
"""What a letter tells that nobody writes."""
QUOTED = {"message", "reason", "answer"}
"""What people write in several lines."""
LINK = re.compile(r"https?://[^\s<>\"')]+")
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}-{case.told}")


def sent(case: Case) -> EmailMessage:
    return message_from_bytes(mails.mail(case.letter(), Envelope(SENDER, 7, NOW, NOW)).raw, policy=default)


def read(case: Case, language: str = "en") -> Written:
    with translation.override(language):
        return written(case.letter(language))


class Page(HTMLParser):
    """A page as it is read: its words, what it quotes, and where its links lead."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.inside: list[str] = []
        self.said: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside += [tag] if tag not in {"meta", "br"} else []
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.inside.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside[-1] not in {"style", "title"}:
            self.said.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.said).split())


def test_every_kind_of_letter_is_read_here() -> None:
    assert {case.kind for case in CASES} == set(LetterKind)


@each_case
@pytest.mark.parametrize("language", [code for code, _name in LANGUAGES])
def test_a_letter_says_the_same_as_text_and_as_a_page(case: Case, language: str) -> None:
    """Every paragraph, every link, and no link but the letter's own and the public address (R-HST-1)."""
    letter = read(case, language)
    assert letter.subject == " ".join(letter.subject.split()) != ""
    text, page = letter.text, Page(letter.page)
    body = text.partition("\n-- \n")[0]
    own = letters.link(case.letter())
    assert page.links == ([own] if own else [])
    assert body.count(own) == 1 if own else "://" not in body.replace("http://127.0.0.1:8000", "")
    assert {link.rstrip(".,:") for link in LINK.findall(f"{text}{page.words}")} <= {own, "http://127.0.0.1:8000"}
    for said in re.sub(r"(?m)^> ?", "", text.replace("\n-- \n", "\n")).splitlines():
        assert " ".join(said.split()) in page.words
    assert "\n\n\n" not in text
    assert not page.inside


@each_case
def test_a_letter_tells_who_did_what_and_until_when(case: Case) -> None:
    text = read(case).text
    assert case.told in text
    assert case.name in text
    assert "None" not in text
    assert "()" not in text


@each_case
def test_a_letter_says_nothing_that_can_not_be_translated(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    brackets.speak(monkeypatch)
    letter = read(case, brackets.LANGUAGE)
    spoken = brackets.Spoken()
    spoken.feed(letter.page)
    said = ["".join(brackets.outside(f"{letter.subject}\n{letter.text}")), *spoken.bare]
    assert brackets.untranslated(said) == []


@each_case
def test_r_hdr_1_nothing_that_a_letter_tells_gets_into_its_headers_or_begins_a_paragraph(case: Case) -> None:
    """R-HDR-1: a line break in a name is refused where it would stand in the subject; a message of several lines is a quotation."""
    mail = sent(case)
    assert (set(mail.keys()), mail["Auto-Submitted"]) == (HEADERS, "auto-generated")
    forged = "\r\nBcc: eve@evil.example\r\n\r\nhttps://evil.example/"
    for name, value in case.details.items():
        if not isinstance(value, str) or name in CHOSEN or (name, case.kind) == ("answer", LetterKind.INVITATION_ANSWERED):
            continue
        hostile = Case(case.kind, {**case.details, name: f"{value}{forged}"}, case.told, case.path, case.name)
        try:
            letter = read(hostile)
        except UnsendableError:
            continue
        assert "Bcc" not in letter.subject
        assert [link for link in Page(letter.page).links if "evil" in link] == []
        if name in QUOTED:
            assert not re.search(r"(?m)^(?:Bcc|https://evil)", letter.text)
