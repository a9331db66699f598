"""Labels: how events and refusals name people and resources; the names as they are at that moment."""

from keyholder.domain.identifiers import PrincipalId
from keyholder.services.authority import name_of
from keyholder.storage.models import Resource


def principal(of: PrincipalId) -> str:
    """Return the name of a person, a group or a service account."""
    return name_of(of)


def resource(row: Resource) -> str:
    """Return the name of a resource; its key where it goes by a platform's own number."""
    return row.name
