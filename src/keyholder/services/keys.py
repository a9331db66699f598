"""Keys: the names that files and programs use, made of the names that people use where nobody gave one."""

from collections.abc import Callable
from itertools import count

from keyholder.domain.names import clean_key, name_key
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

SLASH = _('The id "{key}" is refused: a slash parts an organization from a group.')
LONGEST_MADE = 60
"""Characters of a key that is made of a name."""


def chosen(key: str, name: str, is_taken: Callable[[str], bool]) -> str:
    """Return the key that was given, checked, or one made of the name that nobody has yet; raises Invalid."""
    return checked(key) if key else made_of(name, is_taken)


def checked(key: str) -> str:
    """Return a key as it was given; raises Invalid, also for one with a slash in it."""
    if "/" in clean_key(key):
        raise Invalid("key", sentence(SLASH, key=key), place="key")
    return key


def made_of(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return a key made of a name: its letters and digits with hyphens between, numbered where it is taken."""
    spaced = "".join(c if c.isalnum() else " " for c in name_key(name))
    made = "-".join(spaced.split())[:LONGEST_MADE].strip("-") or "x"
    candidates = (made if number == 1 else f"{made}-{number}" for number in count(1))
    return next(key for key in candidates if not is_taken(key))
