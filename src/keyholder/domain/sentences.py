"""Sentences: text that the engine room writes and a door translates.

The rooms below the doors know no language. They name a sentence by its English template and hand over what fills it;
a door looks the template up in the reader's catalogue. ``gettext_noop`` marks a template for extraction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


def gettext_noop(template: str) -> str:
    """Mark an English template for translation and return it unchanged."""
    return template


@dataclass(frozen=True, slots=True)
class Sentence:
    """One English template with named fields (``{name}``) and the values that fill it."""

    template: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.template.format_map({name: str(value) for name, value in self.fields.items()})


@dataclass(frozen=True, slots=True)
class Named:
    """A name that a blueprint gives in several languages (language code to text): a permission, a role, a type. A door picks one."""

    labels: Mapping[str, str]

    def __str__(self) -> str:
        """Return the English name."""
        return self.labels["en"]


def sentence(template: str, **fields: object) -> Sentence:
    """Build a sentence from a marked template and what fills it."""
    return Sentence(template, fields)
