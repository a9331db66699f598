"""What is done in one place only, beyond what import contracts and the linter can say."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import CODE, modules, place, tree

HTTP = {"django.http", "django.shortcuts", "django.views", "django.middleware"}
HTTP_ROOMS = ("interfaces", "config")
FOLDS = {"lower", "upper", "casefold", "swapcase", "title", "capitalize"}
ADDRESS_WORDS = ("mail", "address", "canonical")
CANON = CODE / "domain" / "addresses.py"
KEYS = {CANON, CODE / "domain" / "names.py", CODE / "domain" / "characters.py"}
"""Where text is folded so that it can be compared: addresses and names, each by one function."""
FOLDING_LOOKUPS = ("__iexact", "__icontains", "__istartswith", "__iendswith", "__iregex")
DATABASE_FOLDS = {"Lower", "Upper", "CIText", "CIEmailField"}
OWN_CLOCKS = {"auto_now", "auto_now_add"}


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Go through the modules that a file imports, with their lines."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def test_requests_and_responses_stay_at_the_doors() -> None:
    below = [path for path in modules(CODE) if path.relative_to(CODE).parts[0] not in HTTP_ROOMS]
    named = [
        f"{place(path, line)} {name}"
        for path in below
        for line, name in imported(path)
        if any(name == http or name.startswith(f"{http}.") for http in HTTP)
    ]
    assert named == []


def test_no_column_reads_the_clock_by_itself() -> None:
    uses = [
        place(path, node.value.lineno)
        for path in modules(CODE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.keyword) and node.arg in OWN_CLOCKS
    ]
    assert uses == []


def folds_of_addresses(path: Path) -> Iterator[str]:
    """Name each place where a file changes the case of what looks like an address, by itself or in the database."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FOLDS:
            subject = ast.unparse(node.func.value).lower()
            if node.func.attr == "casefold" or any(word in subject for word in ADDRESS_WORDS):
                yield f"{place(path, node.lineno)} .{node.func.attr}()"
        elif isinstance(node, ast.keyword) and node.arg and node.arg.endswith(FOLDING_LOOKUPS):
            yield f"{place(path, node.value.lineno)} {node.arg}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(FOLDING_LOOKUPS):
            yield f"{place(path, node.lineno)} {node.value}"
        elif isinstance(node, ast.Name) and node.id in DATABASE_FOLDS:
            yield f"{place(path, node.lineno)} {node.id}"


def test_addresses_are_made_comparable_by_one_function_only() -> None:
    """No door, table or query folds the case of an address by itself: ``canon`` is the only path (R-EML-1)."""
    assert [fold for path in modules(CODE) if path not in KEYS for fold in folds_of_addresses(path)] == []


@pytest.mark.parametrize(
    "code", ["user.email.lower()", "find(email__iexact=x)", "order(Lower('email'))", "{'canonical__icontains': x}", "text.casefold()"]
)
def test_the_search_for_folded_addresses_finds_them(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.architecture.house.ROOT", tmp_path)
    (tmp_path / "door.py").write_text(code)
    assert list(folds_of_addresses(tmp_path / "door.py"))
