"""Writing: a letter's subject, text and page, in the language that is active (R-XSS-1, R-HST-1).

The template ``mail/<kind>.txt`` begins with the subject; then come paragraphs, parted by an empty line. The page is made of these very
paragraphs, so it says what the text says: one that ends with the letter's link shows a button, one whose lines begin with ``>`` quotes
somebody. What people wrote is marked until the paragraphs are parted: no message of theirs begins one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.template import engines
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from keyholder.domain.letters import Letter, LetterKind
from keyholder.domain.mail_settings import deliverable
from keyholder.domain.refusals import Invalid
from keyholder.interfaces.jobs.headers import UnsendableError
from keyholder.services import letters

BLANK = re.compile(r"\n(?:[ \t]*\n)+")
"""What parts paragraphs: an empty line, or several where a template left something out."""
BREAK = "\ue000"
"""Stands for a line break of a value while the text is made: what a value breaks is seen, and a subject that is broken is refused."""
QUOTE = "> "
BUTTONS = {
    LetterKind.INVITATION: gettext_lazy("Look at the invitation"),
    LetterKind.INVITATION_ANSWERED: gettext_lazy("Show the invitations"),
    LetterKind.PASSWORD_RESET: pgettext_lazy("button", "Choose a new password"),
    LetterKind.PASSWORD_CHANGED: pgettext_lazy("button", "Choose a new password"),
    LetterKind.FACTOR_CHANGED: pgettext_lazy("button", "Choose a new password"),
    LetterKind.ADDRESS_PROOF: gettext_lazy("Prove the address"),
    LetterKind.REQUEST_MADE: gettext_lazy("Decide"),
    LetterKind.REQUEST_ANSWERED: gettext_lazy("Your requests"),
    LetterKind.LINK_ASKED: gettext_lazy("Decide"),
    LetterKind.LINK_ANSWERED: gettext_lazy("Your requests"),
    LetterKind.RESOURCE_TRASHED: gettext_lazy("Open the trash"),
}
"""What the button of a page says, where it says more than that it opens Keyholder."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it is read: subject, text, and the page for a mail client that shows HTML."""

    subject: str
    text: str
    page: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the page: its words, whether they are somebody's own, and whether the letter's link follows."""

    words: str
    is_quote: bool
    leads: bool


def written(letter: Letter) -> Written:
    """Write a letter; raises UnsendableError where its names can't stand in a mail."""
    marked = {name: _marked(value) for name, value in _context(letter).items()}
    subject, _newline, body = _rendered(f"mail/{letter.kind.value}.txt", marked).partition("\n")
    if BREAK in subject:
        message = "a name in the subject holds a line break"
        raise UnsendableError(message)
    paragraphs = BLANK.split(body.strip())
    text = "\n\n".join([*paragraphs, f"-- \n{_rendered('mail/foot.txt', marked)}\n"]).replace(BREAK, "\n")
    return Written(subject.strip(), text, _page(letter, subject.strip(), paragraphs))


def answers_to() -> str:
    """Return the address that answers to mails reach: that for support, if the setting is an address; nobody reads them otherwise."""
    try:
        return deliverable(settings.SUPPORT_EMAIL)
    except Invalid:
        return ""


def _rendered(template: str, marked: Mapping[str, object]) -> str:
    return str(engines["mail-text"].get_template(template).render(dict(marked))).strip()


def _page(letter: Letter, subject: str, paragraphs: list[str]) -> str:
    context = {**_context(letter), "subject": subject, "button": _button(letter)}
    context["paragraphs"] = [_paragraph(words, str(context["link"])) for words in paragraphs]
    return str(engines["mail"].get_template("mail/page.html").render(context))


def _button(letter: Letter) -> object:
    """Return what the button of a page says."""
    return gettext("Appoint") if letter.details.get("appoints") else BUTTONS.get(letter.kind) or gettext("Open Keyholder")


def _paragraph(text: str, link: str) -> Paragraph:
    words, newline, last = text.rpartition("\n")
    leads = bool(link) and last == link
    said = (words if leads else f"{words}{newline}{last}").replace(BREAK, "\n")
    if not said.startswith(QUOTE):
        return Paragraph(said, is_quote=False, leads=leads)
    return Paragraph("\n".join(line.removeprefix(QUOTE) for line in said.split("\n")), is_quote=True, leads=leads)


def _context(letter: Letter) -> dict[str, object]:
    return {
        "name": letter.name,
        "recipient": letter.recipient,
        "details": dict(letter.details),
        "link": letters.link(letter),
        "support": settings.SUPPORT_EMAIL,
        "answers": answers_to(),
        "home": settings.PUBLIC_URL,
        "language": translation.get_language(),
    }


def _marked(value: object) -> object:
    """Return a value whose texts have no line break of their own; raises UnsendableError for a text with a NUL."""
    if isinstance(value, Mapping):
        return {key: _marked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_marked(item) for item in value]
    if not isinstance(value, str):
        return value
    if "\0" in value:
        message = "a text holds a NUL"
        raise UnsendableError(message)
    return value.replace("\r\n", BREAK).replace("\r", BREAK).replace("\n", BREAK)
