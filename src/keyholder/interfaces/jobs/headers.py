"""Headers of mails: our own check of every one, whatever the Python below checks by itself (R-HDR-1)."""

from email.message import EmailMessage
from email.parser import BytesHeaderParser

from keyholder.domain.characters import escaped


class UnsendableError(Exception):
    """No mail can be made of a letter; the message says why."""


def line(text: str) -> str:
    """Return a text that may stand in a header; what would be read as an encoded word is parted by a space.

    Raises UnsendableError for one with a line break or any other character that commands.
    """
    if any(character < " " or "\x7f" <= character <= "\x9f" or character in "\u2028\u2029" for character in text):
        message = f"a header would hold a line break or a control character: {escaped(text)}"
        raise UnsendableError(message)
    if any("\ud800" <= character <= "\udfff" for character in text):
        message = f"a header would hold half a character: {escaped(text)}"
        raise UnsendableError(message)
    return text.replace("=?", "= ?")


def checked(mail: EmailMessage, raw: bytes) -> bytes:
    """Return a mail as bytes, once it was read back: it begins with the headers that were set, each once, and with no other."""
    found = BytesHeaderParser().parsebytes(raw).keys()
    if sorted(found) != sorted(mail.keys()) or len(set(map(str.lower, found))) != len(found):
        message = "a header would begin another one"
        raise UnsendableError(message)
    return raw
