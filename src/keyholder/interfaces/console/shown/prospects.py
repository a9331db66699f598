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
    Prospect.INVITED: (gettext_lazy("Invited already"), "info"),
    Prospect.REFUSED: (gettext_lazy("Refused by the policy"), "bad"),
}


def checked(found: Iterable[Recognised], *, inviting: bool = False) -> tuple[CheckedAddress, ...]:
    """Show what would become of each address; ``inviting`` says that who is not known is invited in the same step."""
    return tuple(_checked(one, inviting=inviting) for one in found)


def outcome(found: Recognised) -> CheckedAddress:
    """Show what became of an address that was not invited."""
    who = principals.who(found.principal, linked=False) if found.principal else Who("", found.typed)
    if found.prospect is Prospect.KNOWN:
        return CheckedAddress(who, _("Added"), "ok")
    text, tone = VERDICTS[found.prospect]
    return CheckedAddress(who, str(text), tone, _detail(found, inviting=False))


def _checked(found: Recognised, *, inviting: bool) -> CheckedAddress:
    text, tone = VERDICTS[found.prospect]
    who = principals.who(found.principal, linked=False) if found.principal else Who("", found.typed)
    return CheckedAddress(
        who, str(text), "info" if inviting and found.prospect is Prospect.STRANGER else tone, _detail(found, inviting=inviting)
    )


def _detail(found: Recognised, *, inviting: bool) -> str:
    lines = [words(found.why)] if found.why is not None else []
    if found.prospect is Prospect.STRANGER:
        first = _("They have to be invited first: add them at a place where they need access.")
        lines.append(_("Gets an invitation.") if inviting else first)
    if found.prospect is Prospect.INVITED:
        lines.append(_("This is added to the invitation, and there is one more link for it."))
    return " ".join(lines)
