"""E-mail addresses: one function makes the canonical form for every door (semantics 2, "E-mail identity" R-EML-1 to R-EML-3).

Two addresses are the same person exactly when their canonical forms are equal. Nothing else in Keyholder lower-cases, folds or compares
an address. Dots and ``+tags`` in the local part are kept: they make different identities.
"""

import re
import unicodedata
from dataclasses import dataclass

import idna

from keyholder.domain.characters import escaped, imitates_ascii, is_control, is_invisible, mixes_scripts
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

ADDRESS = "address"
"""Code of the refusals."""
LONGEST_ADDRESS = 254
"""Bytes, as typed (in UTF-8) and in the canonical form (RFC 5321)."""
LONGEST_LOCAL_PART = 64
"""Characters before the ``@`` (RFC 5321)."""

_ALIASES = {"googlemail.com": "gmail.com"}
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_ENCODED_WORD = ("=?", "?=")

_NO_TEXT = _("An e-mail address is one piece of text.")
_EMPTY = _("An e-mail address is missing.")
_TOO_LONG = _('"{address}" is not an e-mail address: it is longer than {limit} bytes.')
_HIDDEN = _('"{address}" is not an e-mail address: it holds a space, a control character or an invisible one.')
_ONE_AT = _('"{address}" is not an e-mail address: it needs exactly one "@".')
_LOCAL_EMPTY = _('"{address}" is not an e-mail address: nothing stands before the "@".')
_LOCAL_ASCII = _('"{address}" is refused: before the "@" only the letters a to z, digits and simple signs are taken.')
_LOCAL_LONG = _('"{address}" is not an e-mail address: more than {limit} characters stand before the "@".')
_LOCAL_SIGNS = _('"{address}" is refused: quotes, brackets, commas and misplaced dots before the "@" are not taken.')
_LOCAL_ENCODED = _('"{address}" is refused: "=?" and "?=" before the "@" are not taken.')
_DOMAIN_DOT = _('"{address}" is not an e-mail address: its domain begins or ends with a dot or holds two in a row.')
_DOMAIN_LABELS = _('"{address}" is not an e-mail address: its domain needs at least two parts, as in example.org.')
_DOMAIN_WRONG = _('"{address}" is not an e-mail address: its domain is not a valid name.')


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it was typed (trimmed) and its canonical form, by which it is unique."""

    shown: str
    canonical: str

    @classmethod
    def of(cls, text: object) -> "Address":
        """Read an address; raises Invalid as :func:`canon` does."""
        canonical = canon(text)
        return cls(str(text).strip(" "), canonical)

    def __str__(self) -> str:
        """Return the address as it was typed."""
        return self.shown


def canon(text: object) -> str:
    """Return the canonical form of an address: lower-cased ASCII local part, ``@``, domain as A-labels.

    The only form in which addresses are stored, looked up and compared (R044, R-EML-1). It is idempotent and total: whatever is given, it
    returns a text of at most 254 ASCII characters or raises Invalid with the code ``address`` and a sentence that names the reason.
    """
    if not isinstance(text, str):
        raise Invalid(ADDRESS, sentence(_NO_TEXT))
    typed = text.strip(" ")
    _check_whole(typed)
    local, _at, domain = typed.partition("@")
    _check_local_part(typed, local)
    canonical = f"{local.lower()}@{canonical_domain(domain, within=typed)}"
    if len(canonical) > LONGEST_ADDRESS:
        raise _refused(_TOO_LONG, typed, limit=LONGEST_ADDRESS)
    return canonical


def canonical_domain(domain: str, *, within: str = "") -> str:
    """Return a domain as lower-cased A-labels: UTS-46 (non-transitional), then IDNA 2008; ``googlemail.com`` is ``gmail.com``.

    ``within`` is the address that a refusal shows, else the domain itself. Raises Invalid for a dot at an end, for a single label and
    for anything that IDNA 2008 does not allow.
    """
    shown = within or domain
    if len(domain) > LONGEST_ADDRESS or any(is_control(c) or is_invisible(c) or c.isspace() for c in domain):
        raise _refused(_DOMAIN_WRONG, shown)
    if "" in _DOTS.split(domain):
        raise _refused(_DOMAIN_DOT, shown)
    try:
        encoded = idna.encode(domain, uts46=True, std3_rules=True, transitional=False).decode("ascii").lower()
    except (ValueError, LookupError, OverflowError) as problem:
        raise _refused(_DOMAIN_WRONG, shown) from problem
    if "." not in encoded:
        raise _refused(_DOMAIN_LABELS, shown)
    return _ALIASES.get(encoded, encoded)


def domain_of(canonical: str) -> str:
    """Return the domain of a canonical address."""
    return canonical.rpartition("@")[2]


def is_confusable(canonical: str) -> bool:
    """Say whether the domain of a canonical address can be taken for another: scripts mixed in a word, or letters that imitate ASCII.

    Such an address is accepted and flagged in the console, never refused (R-EML-9, and the corpus' ``gma\u0131l.com``).
    """
    labels = idna.decode(domain_of(canonical)).split(".")
    return any(mixes_scripts(label) or imitates_ascii(label) for label in labels)


def mask(address: str) -> str:
    """Return an address as strangers may see it: ``mike@example.org`` as ``m***@e***.org`` (semantics 6)."""
    local, _at, domain = address.rpartition("@")
    name, _dot, top = domain.rpartition(".")
    return f"{local[:1]}***@{name[:1]}***.{top}"


def _check_whole(typed: str) -> None:
    if not typed:
        raise Invalid(ADDRESS, sentence(_EMPTY))
    if len(typed.encode("utf-8", "surrogatepass")) > LONGEST_ADDRESS:
        raise _refused(_TOO_LONG, typed, limit=LONGEST_ADDRESS)
    if any(is_control(c) or is_invisible(c) or unicodedata.category(c) == "Zs" for c in typed):
        raise _refused(_HIDDEN, typed)
    if typed.count("@") != 1:
        raise _refused(_ONE_AT, typed)


def _check_local_part(typed: str, local: str) -> None:
    if not local:
        raise _refused(_LOCAL_EMPTY, typed)
    if not local.isascii():
        raise _refused(_LOCAL_ASCII, typed)
    if len(local) > LONGEST_LOCAL_PART:
        raise _refused(_LOCAL_LONG, typed, limit=LONGEST_LOCAL_PART)
    if not _LOCAL_PART.fullmatch(local):
        raise _refused(_LOCAL_SIGNS, typed)
    if any(sign in local for sign in _ENCODED_WORD):
        raise _refused(_LOCAL_ENCODED, typed)


def _refused(template: str, address: str, **fields: object) -> Invalid:
    return Invalid(ADDRESS, sentence(template, address=escaped(address), **fields))
