"""Assets as pages show them."""

from dataclasses import dataclass

from keyholder.interfaces.console.parts.marks import Act, Badge


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that is done at once with one button, by a form; without an address it can't be, and ``refusal`` says why."""

    label: str
    icon: str
    url: str = ""
    value: str = ""
    """What the form sends as ``to``; nothing where it needs to say nothing."""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class AssetRow:
    """An asset in a list."""

    name: str
    url: str
    description: str
    badges: tuple[Badge, ...]
    switches: tuple[Switch, ...] = ()
    acts: tuple[Act, ...] = ()
