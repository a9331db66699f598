"""Notes of an organization's admins about its people. No event holds their words: they can be removed for good (semantics 9)."""

from keyholder.domain.events import Event
from keyholder.domain.identifiers import OrganizationId, PrincipalId, TenantId
from keyholder.domain.names import LONGEST_DESCRIPTION, clean_description
from keyholder.domain.refusals import Conflict, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import scopes
from keyholder.services.acting import Act, acting
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.commands.finding import user_row
from keyholder.services.organization_rows import administered, require_of
from keyholder.storage.models import Organization, OrganizationNote, User

MOST = 100
"""Notes about one person."""
EMPTY = _("A note needs some words, at most {most} characters of them.")
FULL = _("There are {most} notes about {subject} already; remove one first.")


def add(*, by: Caller, organization: OrganizationId, user: PrincipalId, text: str) -> int:
    """Note something about a person of an organization, and return the note's number. Only its admins may, and only they read it.

    Raises NotFound outside the organization or for who is not of it, Forbidden, Invalid for what is no text, Conflict for too many.
    """
    words = clean_description(text)
    if not words:
        raise Invalid("text", sentence(EMPTY, most=LONGEST_DESCRIPTION), place="text")
    with acting(by, scopes.of_organizations(organization)) as act:
        row = administered(act.authority, organization)
        require_of(row, user)
        person = user_row(user)
        if OrganizationNote.objects.filter(organization=row, user=person).count() >= MOST:
            raise Conflict("too_many_notes", sentence(FULL, most=MOST, subject=person.name))
        note = act.ledger.add(
            OrganizationNote(organization=row, user=person, text=words, written_by=by.principal, written_at=act.at),
        )
        _tell(act, "organization.note_added", row, person)
        return note.pk


def remove(*, by: Caller, organization: OrganizationId, note: int) -> None:
    """Remove a note for good. Only an admin may. Raises NotFound for what is no note of the organization, Forbidden."""
    with acting(by, scopes.of_organizations(organization)) as act:
        row = administered(act.authority, organization)
        found = OrganizationNote.objects.select_related("user").filter(organization=row, pk=note).first()
        if found is None:
            raise not_there()
        person = found.user
        act.ledger.remove(found)
        _tell(act, "organization.note_removed", row, person)


def _tell(act: Act, action: str, organization: Organization, person: User) -> None:
    names = {"subject": person.name, "organization": organization.name}
    act.record(Event(action, "organization", organization.pk, None, None, {**names}), tenant=TenantId(organization.tenant_id))
