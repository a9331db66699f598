"""Navigation: what leads from one page to another."""

from dataclasses import dataclass

from keyholder.interfaces.console.parts.marks import Who


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the path in the tree; the last one has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the navigation at the left. ``count`` is what waits there."""

    label: str
    icon: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class NavSection:
    """Some lines of the navigation under one heading (none for the first)."""

    title: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab with the number of what it holds."""

    label: str
    url: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found; ``who`` where it is a principal."""

    label: str
    url: str
    detail: str = ""
    place: str = ""
    icon: str = ""
    who: Who | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, of one kind."""

    label: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class GuidedStep:
    """One step of several that belong together."""

    label: str
    done: bool = False
    current: bool = False
