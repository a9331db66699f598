"""Notices: letters to a person about what happened to their own account."""

from enum import StrEnum

from keyholder.domain.letters import Letter, LetterKind
from keyholder.services import letters
from keyholder.services.act import Act
from keyholder.storage.models import User


class FactorChange(StrEnum):
    """What became of somebody's second factors: one more, one less, other recovery codes, or all of them gone by an operator."""

    ADDED = "added"
    REMOVED = "removed"
    CODES = "codes"
    LOST = "lost"


def post_about_password(act: Act, row: User, what: str) -> None:
    """Tell a person that their password was ``changed``, or that somebody made a link to choose another (``link_made``)."""
    details = {**letters.signed(act), "what": what, "at": act.at.isoformat()}
    letters.post(act, Letter(LetterKind.PASSWORD_CHANGED, row.email, row.name, row.language, path="/reset/", details=details))


def post_about_address(act: Act, row: User, *, old: str, name: str) -> None:
    """Tell the address that a person had that it is theirs no more."""
    details = {"at": act.at.isoformat()}
    letters.post(act, Letter(LetterKind.ADDRESS_CHANGED, old, name, row.language, details=details))


def post_about_factor(act: Act, row: User, what: FactorChange, factor: str = "") -> None:
    """Tell a person what became of their second factors, at their address if it is proven: to anybody else it would tell too much."""
    if not row.email_verified:
        return
    details = {**letters.signed(act), "what": what.value, "factor": factor, "at": act.at.isoformat()}
    letters.post(act, Letter(LetterKind.FACTOR_CHANGED, row.email, row.name, row.language, path="/reset/", details=details))
