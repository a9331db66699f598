"""The console's template tags: icons, marks and moments. Everything that comes from people is escaped."""

from datetime import datetime
from functools import cache

from django import template
from django.template.context import Context
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from keyholder.domain.sentences import Sentence
from keyholder.interfaces.console import moments
from keyholder.interfaces.console.parts.lists import Column
from keyholder.interfaces.console.parts.marks import Who
from keyholder.interfaces.http.wording import words as in_the_readers_language

register = template.Library()

KIND_ICONS = {"group": "users-round", "service_account": "bot"}


@register.simple_tag
def icon(name: str, size: int = 18, css: str = "") -> SafeString:
    """Draw one of lucide's icons in the colour of the text; it is hidden from readers of the screen, words stand beside it."""
    return _drawn(str(name), size, str(css))


@cache
def _drawn(name: str, size: int, css: str) -> SafeString:
    return SafeString(lucide(name, size=size, aria_hidden="true", focusable="false", **({"class": css} if css else {})))


@register.simple_tag
def avatar(who: Who, size: str = "") -> SafeString:
    """Show a principal as initials on its own colour; a group or a service account as an icon."""
    css = f"avatar hue-{who.hue}" + (f" avatar-{size}" if size else "") + ("" if who.kind == "user" else " avatar-group")
    sign = icon(KIND_ICONS[who.kind], 24 if size == "large" else 16) if who.kind in KIND_ICONS else who.initials
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, sign)


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None) -> SafeString:
    """Say how long ago, with the exact time on hover; a dash where there is no moment. Counted from the context's ``now``."""
    if at is None:
        return SafeString("—")
    return _time(at, moments.in_words(at, context["now"]))


@register.simple_tag(takes_context=True)
def day(context: Context, at: datetime | None) -> SafeString:
    """Name the day of a moment, with the exact time on hover; a dash where there is none."""
    if at is None:
        return SafeString("—")
    return _time(at, moments.day(at, context["now"]))


def _time(at: datetime, text: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(timespec="seconds"), moments.exactly(at), text)


@register.filter
def words(sentence: Sentence | str) -> str:
    """Say a sentence of the engine room in the reader's language."""
    return in_the_readers_language(sentence) if isinstance(sentence, Sentence) else sentence


@register.filter
def number(value: int) -> str:
    """Write a whole number with its thousands apart, as the reader's language does."""
    return number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def breakable(address: str) -> SafeString:
    """Let an address break after its @ and its dots, where the line is too short for it."""
    escaped = conditional_escape(address)
    return SafeString(escaped.replace("@", "@<wbr>").replace(".", ".<wbr>"))


@register.inclusion_tag("components/person.html")
def person(who: Who, size: str = "") -> dict[str, object]:
    """Show a principal: avatar, name, address, badges."""
    return {"who": who, "size": size}


@register.inclusion_tag("components/head.html")
def head(column: Column, css: str = "") -> dict[str, object]:
    """Show the head of a column, as a link where the list can be sorted by it."""
    return {"column": column, "css": css}
