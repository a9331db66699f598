"""Wording: the sentences of the rooms below, in the language of who reads them (the language that is active now)."""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext

from keyholder.domain.refusals import Refusal
from keyholder.domain.sentences import Named, Sentence


def words(sentence: Sentence) -> str:
    """Translate the template and fill it; a sentence within a sentence is translated too."""
    return gettext(sentence.template).format_map({name: _value(value) for name, value in sentence.fields.items()})


def reason(refusal: Refusal) -> str:
    """Say why, its place first where it has one."""
    return f"{refusal.place}: {words(refusal.sentence)}" if refusal.place else words(refusal.sentence)


def label(labels: Mapping[str, str]) -> str:
    """Return what a blueprint calls a thing in the reader's language."""
    return labels.get((get_language() or "en").split("-")[0], labels["en"])


def _value(value: object) -> str:
    if isinstance(value, Named):
        return label(value.labels)
    return words(value) if isinstance(value, Sentence) else str(value)
