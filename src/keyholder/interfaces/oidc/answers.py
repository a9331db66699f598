"""What a provider sends somebody back with: read once, nothing twice, nothing strange (R-OIDC-6)."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

LONGEST = 4096
"""Characters of one parameter."""
DECLINED = _("You did not sign in at the provider, or it would not let you. Begin again, or sign in another way.")
UNREADABLE = _("The provider sent you back with something that can't be read. Begin again.")


@dataclass(frozen=True, slots=True)
class Answer:
    """The parameters of an answer; ``issuer`` is None where the provider does not say who it is."""

    state: str
    code: str
    issuer: str | None
    is_declined: bool


def read(request: HttpRequest) -> Answer:
    """Return the parameters; raises Forbidden where one is there twice, or can't be one."""
    given = request.GET
    if any(len(given.getlist(name)) > 1 for name in ("state", "code", "iss", "error")):
        raise Forbidden("unreadable_answer", sentence(UNREADABLE))
    if not all(_is_plain(given, name) for name in ("state", "code", "iss")):
        raise Forbidden("unreadable_answer", sentence(UNREADABLE))
    return Answer(given.get("state", ""), given.get("code", ""), given.get("iss"), "error" in given)


def require_code(answer: Answer) -> None:
    """Raise Forbidden for an answer without a code: somebody declined, or something broke there."""
    if answer.is_declined:
        raise Forbidden("declined", sentence(DECLINED))
    if not answer.code:
        raise Forbidden("unreadable_answer", sentence(UNREADABLE))


def _is_plain(given: QueryDict, name: str) -> bool:
    text = given.get(name, "")
    return len(text) <= LONGEST and text.isascii() and (text.isprintable() or not text)
