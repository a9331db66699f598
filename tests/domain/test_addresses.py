"""Addresses: who is the same person, who is not, and what is no address at all (semantics 2, the e-mail corpus)."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keyholder.domain.addresses import Address, canon, canonical_domain, domain_of, is_confusable, mask
from keyholder.domain.refusals import Invalid

SAME = {
    "Mike@Example.org": "mike@example.org",
    "  mike@example.org   ": "mike@example.org",
    "mike@example\u212a.org": "mike@examplek.org",
    "mike@\uff45xample.org": "mike@example.org",
    "mike@example\u3002org": "mike@example.org",
    "mike@gma\u0131l.com": "mike@xn--gmal-nza.com",
    "mike@\u4e2d\u56fd.cn": "mike@xn--fiqs8s.cn",
    "mike@xn--fiqs8s.cn": "mike@xn--fiqs8s.cn",
    "mike@XN--FIQS8S.CN": "mike@xn--fiqs8s.cn",
    "mike@stra\u00dfe.de": "mike@xn--strae-oqa.de",
    "mike+tag@example.org": "mike+tag@example.org",
    "m.ike@gmail.com": "m.ike@gmail.com",
    "Mike@GoogleMail.com": "mike@gmail.com",
    "o'brien!#$%&*+-/=^_`{|}~@example.org": "o'brien!#$%&*+-/=^_`{|}~@example.org",
    "a" * 64 + "@example.org": "a" * 64 + "@example.org",
}
REFUSED = {
    "dotless i, which upper-cases to MIKE": "m\u0131ke@example.org",
    "capital I with a dot": "\u0130van@example.org",
    "long s, which case-folds to sam": "\u017fam@example.org",
    "Kelvin sign in the local part": "mi\u212ae@example.org",
    "ligature, which case-folds to fish": "\ufb01sh@example.org",
    "Cyrillic letter": "p\u043estmaster@example.org",
    "letter with a mark": "\u00fcser@example.org",
    "encoded word": "=?utf-8?q?x=40evil.com=3e=00?=@corp.com",
    "beginning of an encoded word": "a=?b@corp.com",
    "end of an encoded word": "a?=b@corp.com",
    "address literal": "mike@[127.0.0.1]",
    "trailing dot": "mike@example.org.",
    "trailing ideographic dot": "mike@example.org\u3002",
    "leading dot in the domain": "mike@.example.org",
    "two dots in the domain": "mike@example..org",
    "one label": "a@b",
    "two at signs": "x@y@z",
    "full-width at sign": "mike\uff20example.org",
    "full-width at sign in the domain": "mike@exa\uff20mple.org",
    "comma list": "a@example.org,b@example.org",
    "semicolon list": "a@example.org;b@example.org",
    "quoted": '"mike"@example.org',
    "name and brackets": "Mike <mike@example.org>",
    "comment": "mike(home)@example.org",
    "space inside": "mi ke@example.org",
    "tab at the end": "mike@example.org\t",
    "no-break space at the end": "mike@example.org\u00a0",
    "zero-width space": "mi\u200bke@example.org",
    "zero-width space in the domain": "mike@exam\u200bple.org",
    "soft hyphen in the domain": "mike@exam\u00adple.org",
    "variation selector in the domain": "mike@exam\ufe0fple.org",
    "right-to-left override": "mike@\u202eexample.org",
    "carriage return and line feed": "mike@example.org\r\nBcc: eve@evil.com",
    "line feed at the end": "mike@example.org\n",
    "NUL": "mike\x00@example.org",
    "lone surrogate": "mike@\ud800.org",
    "65 characters before the at sign": "a" * 65 + "@example.org",
    "255 bytes": "a@" + ".".join(["b" * 60] * 4) + "." + "c" * 9,
    "255 bytes in UTF-8, few letters": "a@" + "\u4e2d" * 83 + ".cn",
    "255 bytes as A-labels only": "a" * 20 + "@" + "\u0436." * 29 + "\u0440\u0444",
    "label of 64 characters": "a@" + "b" * 64 + ".org",
    "underscore in the domain": "a@exa_mple.org",
    "hyphen at the start of a label": "a@-example.org",
    "slash by compatibility": "a@example\u2100.org",
    "A-label that decodes to nothing": "a@xn--.org",
    "A-label that is not one": "a@xn--zz.org",
    "dot at the start": ".mike@example.org",
    "dot before the at sign": "mike.@example.org",
    "two dots in a row": "mi..ke@example.org",
    "nothing before the at sign": "@example.org",
    "nothing behind it": "mike@",
    "no at sign": "no address",
    "empty": "",
    "spaces only": "   ",
}
NO_TEXT = [None, 1, True, b"mike@example.org", ["mike@example.org"], {"address": "mike@example.org"}]
LOCAL = st.text(string.ascii_letters + string.digits + "!#$%&'*+-/^_`{|}~", min_size=1, max_size=20)
LABEL = st.from_regex(r"[A-Za-z0-9]{1,10}", fullmatch=True)
ASCII = st.builds(lambda local, labels: f"{local}@{'.'.join(labels)}", LOCAL, st.lists(LABEL, min_size=2, max_size=4))
NEARLY = st.builds(lambda local, labels: f"{local}@{'.'.join(labels)}", st.text(max_size=8), st.lists(st.text(max_size=8), max_size=4))


@pytest.mark.parametrize(("typed", "canonical"), SAME.items(), ids=ascii)
def test_r_eml_1_and_r044_one_person_has_one_canonical_address(typed: str, canonical: str) -> None:
    assert canon(typed) == canonical
    assert canon(canonical) == canonical


@pytest.mark.parametrize("typed", REFUSED.values(), ids=REFUSED)
def test_r_eml_1_what_is_no_address_is_refused_with_the_reason_on_one_line(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        canon(typed)
    assert refused.value.code == "address"
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize("value", NO_TEXT, ids=repr)
def test_r_eml_5_an_address_is_one_text(value: object) -> None:
    with pytest.raises(Invalid, match="one piece of text"):
        canon(value)


def test_dots_and_tags_make_other_people() -> None:
    """R044: no folding beyond case and the one alias; who is mike+tag is not mike."""
    assert len({canon(a) for a in ("mike@gmail.com", "m.ike@gmail.com", "mike+tag@gmail.com", "mike@googlemail.com")}) == 3


@given(st.one_of(ASCII, NEARLY, st.text(), st.from_regex(r"\Aa@xn--[a-z0-9-]{0,20}\.org\Z")))
@example("a@xn--a-0000000000000000000.org")
@example("a@xn--99999999.org")
def test_r_eml_2_canon_is_idempotent_and_total(text: str) -> None:
    try:
        canonical = canon(text)
    except Invalid:
        return
    assert canon(canonical) == canonical
    assert canonical.isascii()
    assert len(canonical) <= 254
    assert is_confusable(canonical) in {True, False}
    assert mask(canonical).isascii()


@given(ASCII, ASCII)
def test_r_eml_2_canon_is_injective_up_to_case_and_the_alias(one: str, other: str) -> None:
    try:
        equal = canon(one) == canon(other)
    except Invalid:
        return
    assert equal == (_folded(one) == _folded(other))


def test_an_address_is_shown_as_typed_and_known_by_its_canonical_form() -> None:
    address = Address.of(" Mike@Example.org ")
    assert (str(address), address.shown, address.canonical) == ("Mike@Example.org", "Mike@Example.org", "mike@example.org")


def test_the_domain_is_what_stands_behind_the_at_sign() -> None:
    assert domain_of(canon("mike@Sub.Example.org")) == "sub.example.org"
    assert canonical_domain("Example.ORG") == "example.org"


@pytest.mark.parametrize(
    ("address", "flagged"),
    [
        ("mike@gma\u0131l.com", True),
        ("mike@p\u0430ypal.com", True),
        ("mike@\u0430\u0440\u0440\u04cf\u0435.com", True),
        ("mike@gmail.com", False),
        ("mike@m\u00fcnchen.de", False),
        ("mike@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", False),
        ("mike@\u4e2d\u56fd.cn", False),
        ("mike@\u6771\u4eac\u30bf\u30ef\u30fc.jp", False),
    ],
)
def test_r_eml_9_a_domain_that_looks_like_another_is_flagged_not_refused(address: str, flagged: bool) -> None:  # noqa: FBT001 - a table
    assert is_confusable(canon(address)) is flagged


def test_a_stranger_sees_a_masked_address() -> None:
    """R-INV-16: enough to recognise one's own, too little to write to."""
    assert mask("mike@example.org") == "m***@e***.org"
    assert mask("a@b.c.de") == "a***@b***.de"


def _folded(address: str) -> str:
    return address.lower().replace("@googlemail.com", "@gmail.com")
