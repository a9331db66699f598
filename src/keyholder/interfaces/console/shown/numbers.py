"""Numbers in addresses: of a group, a person, an organization. What can't be one names nothing."""

from keyholder.services.authority import not_there

MOST_DIGITS = 18
"""A database holds no longer ones."""


def read(text: str) -> int:
    """Return the number that a text is; raises NotFound for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise not_there()
    return int(text)
