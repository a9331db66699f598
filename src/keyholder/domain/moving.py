"""Moving a node elsewhere: what becomes of the access that people have there (R020)."""

from enum import StrEnum


class Way(StrEnum):
    """What becomes of access at what is moved."""

    REPLACE = "replace"
    """All bindings there and below are deleted: who has access is whoever has it at the new place."""
    KEEP = "keep"
    """They stay, and what people inherited at the old place becomes their own at the node."""
