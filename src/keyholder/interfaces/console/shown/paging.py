"""Pages of lists: the addresses of the page before and the one after, everything else kept (R047)."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from keyholder.interfaces.console.parts.lists import Pages


def pages(total: int, previous: str, onward: str, kept: Mapping[str, str]) -> Pages:
    """Return where a list goes on; ``kept`` is what else its address holds, where it is not empty."""
    return Pages(total, _address(previous, kept), _address(onward, kept))


def query(kept: Mapping[str, str]) -> str:
    """Return the end of an address that holds these values, those that are not empty."""
    given = {name: value for name, value in kept.items() if value}
    return f"?{urlencode(given)}" if given else ""


def lists_query(kept: Mapping[str, Sequence[str]]) -> str:
    """Return the end of an address that holds lists of values, those that are not empty."""
    given = [(name, value) for name, values in kept.items() for value in values if value]
    return f"?{urlencode(given)}" if given else ""


def _address(cursor: str, kept: Mapping[str, str]) -> str:
    return query({**kept, "cursor": cursor}) if cursor else ""
