"""Notices: letters to a person about what happened to their own account."""

from keyholder.domain.letters import Letter, LetterKind
from keyholder.services import letters
from keyholder.services.act import Act
from keyholder.services.authority import name_of
from keyholder.storage.models import User


def post_about_password(act: Act, row: User, what: str) -> None:
    """Tell a person that their password was ``changed``, or that somebody made a link to choose another (``link_made``)."""
    details = {"what": what, "at": act.at.isoformat(), "by": act.by.name or name_of(act.by.principal)}
    letters.post(act, Letter(LetterKind.PASSWORD_CHANGED, row.email, row.name, row.language, path="/reset/", details=details))


def post_about_address(act: Act, row: User, *, old: str, name: str) -> None:
    """Tell the address that a person had that it is theirs no more."""
    details = {"at": act.at.isoformat()}
    letters.post(act, Letter(LetterKind.ADDRESS_CHANGED, old, name, row.language, details=details))
