"""Places: some nodes with everything below them over open edges, as a part of a statement."""

from collections.abc import Collection

from keyholder.domain.identifiers import ResourceId
from keyholder.storage.sql import ids

OPEN = "(c.managed OR c.managed IS NULL)"
"""The edge from a node ``c`` to its parent is open, or of a kind that can't be closed."""


def within(roots: Collection[ResourceId], *, in_trash: bool = True) -> str:
    """Return the part ``place(id)``: these nodes and all that is below them; what is in the trash only where it is asked for."""
    kept = "" if in_trash else "AND c.trashed_at IS NULL"
    return f"""place(id) AS (
      SELECT c.id FROM resource c WHERE c.id IN ({ids(roots)}) {kept}
      UNION SELECT c.id FROM place p JOIN resource c ON c.parent_id = p.id WHERE {OPEN} {kept})"""
