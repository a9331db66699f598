"""The house as files and syntax trees, for the tests beside this module."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = ROOT / "src" / "keyholder"
TESTS = ROOT / "tests"
PAGES = (ROOT / "README.md", ROOT / "STYLE.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")), TESTS / "data" / "README.md")
NOUN_ROOMS = ("domain", "storage/models", "services/commands", "services/queries", "interfaces/console/views")
TEXT = {".py", ".md", ".toml", ".html", ".css", ".js", ".svg", ".txt", ".in", ".po", ".yaml", ".yml", ".sh", ""}
"""Endings of files that people write."""


def modules(*folders: Path) -> Iterator[Path]:
    """Go through the Python files below these folders."""
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def nouns() -> set[str]:
    """Return the file names that at least two rooms share: the nouns that a reader follows from room to room."""
    names = [path.stem for room in NOUN_ROOMS for path in (CODE / room).glob("*.py") if not path.stem.startswith("_")]
    return {name for name in names if names.count(name) > 1}


def written() -> Iterator[Path]:
    """Go through every file that people wrote, but test data and what is built."""
    for folder in (".ci", "docs", "requirements", "src", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in TEXT and not {"__pycache__", "built"} & set(path.parts) and "egg-info" not in str(path):
                yield path
    yield from (path for path in ROOT.iterdir() if path.is_file() and (path.suffix in {".md", ".toml"} or path.name == "Makefile"))


def tree(path: Path) -> ast.Module:
    """Parse one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, line: int) -> str:
    """Name a line of a file as an editor does."""
    return f"{path.relative_to(ROOT)}:{line}"
