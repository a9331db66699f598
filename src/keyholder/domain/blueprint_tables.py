"""Reading one table of a blueprint file: every value is asked for by name and shape, and what nobody asked for is refused."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import urlsplit

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
DOTTED = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
ICON = re.compile(r"[a-z][a-z0-9-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})*")


class BlueprintError(Exception):
    """A blueprint that can't be used. Names the file, the key in it (empty for the whole file) and the cause; exit code 2 at the door."""

    def __init__(self, file: str, key: str, cause: str) -> None:
        """Remember where the mistake stands and what it is."""
        super().__init__(file, key, cause)
        self.file = file
        self.key = key
        self.cause = cause

    def __str__(self) -> str:
        """Return file, key and cause on one line."""
        return ": ".join(part for part in (self.file, self.key, self.cause) if part)


@dataclass
class Table:
    """One table and the place where it stands. Reading a key marks it as known; :meth:`close` refuses the others."""

    file: str
    place: str
    values: Mapping[str, object]
    known: set[str] = field(default_factory=set)

    def refuse(self, key: str, cause: str) -> NoReturn:
        """Raise BlueprintError for a key of this table."""
        raise BlueprintError(self.file, f"{self.place}.{key}".strip("."), cause)

    def close(self) -> None:
        """Refuse a key that nobody asked for."""
        for key in self.values:
            if key not in self.known:
                self.refuse(key, "unknown key")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; one without a default must be there and not be empty."""
        value = self._value(key, default)
        if not isinstance(value, str):
            self.refuse(key, "must be a text")
        if default is None and not value.strip():
            self.refuse(key, "must not be empty")
        return value

    def name(self, key: str, shape: re.Pattern[str] = NAME) -> str:
        """Return a name: lower-case letters, digits and underscores, for an action parted by dots."""
        value = self.text(key)
        if not shape.fullmatch(value):
            self.refuse(
                key, f"{value!r} is not a name in lower-case letters, digits and underscores{' parted by dots' * (shape is DOTTED)}"
            )
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            self.refuse(key, "must be true or false")
        return value

    def days(self, key: str, default: int) -> int:
        """Return a number of days between 1 and 365."""
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 365:  # noqa: PLR2004 - a year, said in the message
            self.refuse(key, "must be a whole number of days from 1 to 365")
        return value

    def names(self, key: str, among: Collection[str], what: str, *, needed: bool = False) -> tuple[str, ...]:
        """Return a list of names out of ``among``, in the file's order; ``what`` says in an error what they are."""
        value = self._value(key, None if needed else [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.refuse(key, "must be a list of names")
        if needed and not value:
            self.refuse(key, "must not be empty")
        for item in value:
            if item not in among:
                self.refuse(key, f"unknown {what} {item!r}")
            if value.count(item) > 1:
                self.refuse(key, f"{item!r} is repeated")
        return tuple(value)

    def one_of(self, key: str, among: Collection[str], what: str, default: str | None = None) -> str:
        """Return one name out of ``among``, or the default."""
        value = self.text(key, default)
        if value not in among and value != default:
            self.refuse(key, f"unknown {what} {value!r}")
        return value

    def labels(self, key: str) -> dict[str, str]:
        """Return language code to text; English must be there."""
        table = self.table(key)
        for language in table.values:
            if not _LANGUAGE.fullmatch(language):
                table.refuse(language, "is not a language code")
        if "en" not in table.values:
            table.refuse("en", "is missing: every name needs its English text")
        return {language: table.text(language) for language in table.values}

    def links(self, key: str, allowed: tuple[str, ...]) -> dict[str, str]:
        """Return addresses of help pages by their subject."""
        if key not in self.values:
            return {}
        table = self.table(key)
        found = {subject: table.text(subject) for subject in allowed if subject in table.values}
        for subject, address in found.items():
            if urlsplit(address).scheme != "https" or not urlsplit(address).hostname:
                table.refuse(subject, "must be an https address")
        table.close()
        return found

    def texts(self, key: str, allowed: tuple[str, ...]) -> dict[str, dict[str, str]]:
        """Return some of these names, each with its text in every language."""
        if key not in self.values:
            return {}
        table = self.table(key)
        found = {name: table.labels(name) for name in allowed if name in table.values}
        table.close()
        return found

    def table(self, key: str) -> "Table":
        """Return the table under a key."""
        value = self._value(key, None)
        if not isinstance(value, dict):
            self.refuse(key, "must be a table")
        return Table(self.file, f"{self.place}.{key}".strip("."), value)

    def tables(self, key: str, shape: re.Pattern[str] = NAME, *, needed: bool = False) -> dict[str, "Table"]:
        """Return the tables of an array by their ``name``, which is not repeated, in the file's order. Close each after reading it."""
        value = self._value(key, None if needed else [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value) or (needed and not value):
            self.refuse(key, f"must be one or more tables, each written [[{key}]]")
        found: dict[str, Table] = {}
        for number, item in enumerate(value, 1):
            unnamed = Table(self.file, f"{key}[{number}]", item)
            name = unnamed.name("name", shape)
            if name in found:
                unnamed.refuse("name", f"{name!r} is repeated")
            found[name] = Table(self.file, f"{key}.{name}", item, {"name"})
        return found

    def _value(self, key: str, default: object) -> object:
        self.known.add(key)
        if key not in self.values:
            if default is None:
                self.refuse(key, "is missing")
            return default
        return self.values[key]
