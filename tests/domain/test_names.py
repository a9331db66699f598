"""Names, ids and descriptions: what is kept as it was written, what is refused, and when two names are the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyholder.domain.names import clean_description, clean_key, clean_name, is_confusable_name, name_key
from keyholder.domain.refusals import Invalid

KEPT = {
    "Alice": "Alice",
    "  Alice Example ": "Alice Example",
    "Ju\u0308rgen": "J\u00fcrgen",
    "e\u0301" * 200: "\u00e9" * 200,
    "J\u0101nis B\u0113rzi\u0146\u0161": "J\u0101nis B\u0113rzi\u0146\u0161",
    "\U0001f469\u200d\U0001f4bb": "\U0001f469\u200d\U0001f4bb",
    "\u2764\ufe0f\u200d\U0001f525": "\u2764\ufe0f\u200d\U0001f525",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    '"><img onerror>': '"><img onerror>',
    "=HYPERLINK(1)": "=HYPERLINK(1)",
    "{{7*7}} %s%n ../../ : | # @ *": "{{7*7}} %s%n ../../ : | # @ *",
}
REFUSED_NAMES = {
    "empty": "",
    "empty after trimming": " \t\n ",
    "zero-width only": "\u200b",
    "too long": "x" * 201,
    "10 KiB": "x" * 10240,
    "carriage return and header": "Alice\r\nBcc: eve@evil.com",
    "NUL": "Ali\x00ce",
    "C1 control": "Ali\x85ce",
    "line separator": "Ali\u2028ce",
    "lone surrogate": "Ali\ud800ce",
    "right-to-left override": "Ali\u202ece",
    "isolate": "Ali\u2066ce",
    "right-to-left mark": "Ali\u200fce",
    "zero-width space": "Ali\u200bce",
    "word joiner": "Ali\u2060ce",
    "byte order mark": "\ufeffAlice",
    "soft hyphen": "Ali\u00adce",
    "joiner between letters": "Ali\u200dce",
    "joiner at the end": "\u0645\u200c",
    "Hangul filler": "\u3164",
    "variation selector alone": "\ufe0f",
}


@pytest.mark.parametrize(("typed", "kept"), KEPT.items(), ids=lambda text: ascii(text)[:40])
def test_a_name_is_kept_as_it_was_written_trimmed_and_composed(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize("typed", REFUSED_NAMES.values(), ids=REFUSED_NAMES)
def test_r_hdr_1_a_name_that_hides_something_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_name(typed)
    assert refused.value.code == "name"
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("clean", [clean_name, clean_key, clean_description])
@pytest.mark.parametrize("value", [None, 7, ["Alice"], b"Alice"], ids=repr)
def test_only_text_is_text(clean: object, value: object) -> None:
    assert callable(clean)
    with pytest.raises(Invalid, match="piece of text"):
        clean(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Analysts", " ANALYSTS "), ("Stra\u00dfe", "STRASSE"), ("J\u00fcrgen", "JU\u0308RGEN"), ("\u0391\u03a3", "\u03b1\u03c2")],
)
def test_two_names_are_the_same_whatever_their_case_and_composition(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_two_names_with_other_letters_are_two() -> None:
    assert name_key("Analysts") != name_key("An\u0430lysts")
    assert name_key("J\u00fcrgen") != name_key("Jurgen")


@given(st.text())
def test_the_key_of_a_name_is_idempotent_total_and_composed(text: str) -> None:
    key = name_key(text)
    assert name_key(key) == key
    assert unicodedata.is_normalized("NFC", key)
    assert key == key.strip()


@given(st.text())
def test_a_clean_name_stays_clean_and_keeps_its_key(text: str) -> None:
    try:
        name = clean_name(text)
    except Invalid:
        return
    assert clean_name(name) == name
    assert name_key(name) == name_key(text)
    assert 1 <= len(name) <= 200


@pytest.mark.parametrize("key", ["100", "UA-100-1", "a:b|c#d", "\u0440\u0435\u0441\u0443\u0440\u0441", "x" * 200, "../../", "<b>"])
def test_an_id_is_kept_letter_by_letter(key: str) -> None:
    assert clean_key(key) == key


def test_r_dec_7_an_id_in_another_case_is_another_id() -> None:
    assert clean_key("ua-1") != clean_key("UA-1")


@pytest.mark.parametrize("key", ["", " ", "a b", " a", "a\u00a0b", "a\tb", "a\nb", "a\x00", "a\u200bb", "x" * 201, "a\ud800"], ids=ascii)
def test_an_id_without_a_shape_is_refused(key: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_key(key)
    assert refused.value.code == "key"


def test_a_number_as_an_id_is_refused_with_a_hint_at_quotes() -> None:
    with pytest.raises(Invalid, match='write 100 in quotes: "100"'):
        clean_key(100)


def test_a_description_may_be_empty_and_have_lines() -> None:
    assert clean_description("  ") == ""
    assert clean_description(" one\r\ntwo\tthree ") == "one\ntwo\tthree"


@pytest.mark.parametrize("text", ["x" * 2001, "a\x00b", "a\u202eb", "a\u200bb", "a\rb"], ids=lambda text: ascii(text)[:20])
def test_a_description_that_hides_something_or_never_ends_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_description(text)
    assert refused.value.code == "description"


def test_r_eml_9_a_name_that_mixes_scripts_in_a_word_is_flagged() -> None:
    assert is_confusable_name("p\u0430ypal")
    assert is_confusable_name("Team \u0410nalysts")
    for honest in (
        "Analysts",
        "Alice \u0418\u0432\u0430\u043d\u043e\u0432\u0430",
        "\u6771\u4eac\u30bf\u30ef\u30fc",
        "J\u00fcrgen 2",
        "MTS \u0410\u043d\u0430\u043b\u0438\u0442\u0438\u043a\u0430",
    ):
        assert not is_confusable_name(honest)
