"""Words: one word, one meaning, in the glossary first; and words that have no place in the house."""

import re

from tests.architecture.house import ROOT, nouns, place, written

TERM = re.compile(r"^\| \*\*([^*]+)\*\*", re.MULTILINE)
UNFINISHED = re.compile("|".join(rf"\b{first}{second}\b" for first, second in (("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK"))))
OF_A_MACHINE = re.compile("|".join(f"{start}/{folder}/" for start in (r"(?<![\w.])",) for folder in ("t" + "mp", "ro" + "ot", "ho" + "me")))
INDEX = re.compile(r"^\s*(?:-i|--index-url|--extra-index-url|--find-links|-f)\b", re.MULTILINE)


def singular(word: str) -> str:
    """Return the dictionary form of a noun that names a file."""
    return "person" if word == "people" else re.sub(r"ies$", "y", word) if word.endswith("ies") else word.removesuffix("s")


def glossary() -> set[str]:
    """Return the terms of the glossary; a row may hold several, parted by commas."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return {term.strip().lower() for terms in TERM.findall(text) for term in terms.split(",")}


def test_every_noun_that_names_files_in_several_rooms_stands_in_the_glossary() -> None:
    assert sorted({singular(noun.replace("_", " ")) for noun in nouns()} - glossary()) == []


def found(pattern: re.Pattern[str]) -> list[str]:
    """Return the places where a pattern occurs in what people wrote."""
    return [
        f"{place(path, number)} {hit[0].strip()}"
        for path in written()
        if "data" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (hit := pattern.search(line))
    ]


def test_nothing_is_left_to_be_done_later() -> None:
    assert found(UNFINISHED) == []


def test_no_folder_of_somebodys_machine_is_named() -> None:
    assert found(OF_A_MACHINE) == []


def test_the_pins_name_no_place_to_fetch_from() -> None:
    pins = sorted((ROOT / "requirements").glob("*"))
    assert [path.name for path in pins if INDEX.search(path.read_text(encoding="utf-8"))] == []
