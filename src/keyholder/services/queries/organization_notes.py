"""Notes about a person, as the organization's admins read them; to nobody else are there any (semantics 5)."""

from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.services import authority as authorities
from keyholder.services.caller import Caller
from keyholder.services.organization_rows import administered
from keyholder.services.queries.seeing import authority_of
from keyholder.storage import locks
from keyholder.storage.models import OrganizationNote


@dataclass(frozen=True, slots=True)
class Note:
    """One note, and who wrote it when."""

    number: int
    text: str
    writer: str
    written_at: datetime


def notes(*, by: Caller, of: OrganizationId, about: PrincipalId) -> tuple[Note, ...]:
    """Return the notes about a person, the newest first. Raises NotFound outside the organization, Forbidden for who is not its admin."""
    authority = authority_of(by)
    with locks.snapshot():
        row = administered(authority, of)
        found = list(OrganizationNote.objects.filter(organization=row, user=about).order_by("-pk"))
        writers = authorities.names_of({PrincipalId(note.written_by) for note in found if note.written_by is not None})
        return tuple(
            Note(
                note.pk,
                note.text,
                authorities.name_of(None) if note.written_by is None else writers.get(PrincipalId(note.written_by), ""),
                note.written_at,
            )
            for note in found
        )
