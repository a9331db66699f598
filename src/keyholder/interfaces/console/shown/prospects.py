"""Typed addresses as pages judge them: who would be added, who can't be, and why (R071, R087)."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyholder.interfaces.console.parts.lists import CheckedAddress
from keyholder.interfaces.console.parts.marks import Tone, Who
from keyholder.interfaces.console.shown import principals
from keyholder.interfaces.http.wording import words
from keyholder.services.queries.acquaintances import Prospect, Recognised

VERDICTS: Mapping[Prospect, tuple[object, Tone]] = {
    Prospect.WRONG: (gettext_lazy("No address"), "bad"),
    Prospect.HERE: (gettext_lazy("Already here"), "info"),
    Prospect.KNOWN: (gettext_lazy("Will be added"), "ok"),
    Prospect.STRANGER: (gettext_lazy("Not known here"), "warn"),
    Prospect.REFUSED: (gettext_lazy("Refused by the policy"), "bad"),
}


def checked(found: Iterable[Recognised]) -> tuple[CheckedAddress, ...]:
    """Show what would become of each address."""
    return tuple(map(_checked, found))


def _checked(found: Recognised) -> CheckedAddress:
    text, tone = VERDICTS[found.prospect]
    who = principals.who(found.principal, linked=False) if found.principal else Who("", found.typed)
    return CheckedAddress(who, str(text), tone, _detail(found))


def _detail(found: Recognised) -> str:
    inviting = _("They have to be invited first, which comes later; until then an operator makes their account.")
    lines = [words(found.why)] if found.why is not None else []
    return " ".join([*lines, inviting] if found.prospect is Prospect.STRANGER else lines)
