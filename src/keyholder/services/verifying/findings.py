"""Findings: what verification found, by the id of the invariant that does not hold."""

from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.sentences import Sentence, sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant that does not hold somewhere; ``noun`` and ``row`` name the place where there is one."""

    invariant: str
    what: Sentence
    noun: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """What a check is given: the blueprints, the moment, and how many bindings it looks at where it can't look at all."""

    catalogue: Catalogue
    at: datetime
    sample: int


def finding(invariant: str, template: str, noun: str = "", row: int | None = None, **fields: object) -> Finding:
    """Make a finding; its sentence may name ``noun`` and ``row``."""
    return Finding(invariant, sentence(template, noun=noun, row="" if row is None else row, **fields), noun, row)
