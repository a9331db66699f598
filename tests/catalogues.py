"""The catalogues of translations beside what the code says: ``python -m tests.catalogues`` brings them up to date.

What the code says is found by Django's own extraction (it needs ``xgettext``), in a copy of the sources: nothing is written beside them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
import polib

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "keyholder"
LOCALE = SOURCES / "locale"
LANGUAGES = ("ru", "pl", "lv", "cs")
"""Every language but English, in which the code itself is written."""

READ = ("*.py", "*.html", "*.txt")
WIDTH = 100_000
"""A message stands on one line, so that a change of it is a change of that line."""


@cache
def said() -> polib.POFile:
    """Return every message that the code says, in the order of the files; raises RuntimeError with Django's own words."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "keyholder"
        for path in _read():
            target = copy / path.relative_to(SOURCES)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        (copy / "locale").mkdir()
        command = [sys.executable, "-m", "django", "makemessages", "--locale=en", "--no-wrap", "--add-location=file"]
        environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        if done.returncode:
            raise RuntimeError(done.stderr or done.stdout)
        return polib.pofile(str(copy / "locale" / "en" / "LC_MESSAGES" / "django.po"))


def path_of(language: str) -> Path:
    """Return where the catalogue of a language is kept."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def catalogue(language: str) -> polib.POFile:
    """Read the catalogue of a language; an empty one where there is none yet."""
    path = path_of(language)
    return polib.pofile(str(path), wrapwidth=WIDTH) if path.exists() else polib.POFile(wrapwidth=WIDTH)


def key(message: polib.POEntry) -> tuple[str, str]:
    """Return what tells messages apart: context and English text."""
    return (message.msgctxt or "", message.msgid)


def brought_up_to_date(language: str) -> polib.POFile:
    """Return the catalogue of a language with exactly what the code says: what it had is kept, what is new is empty."""
    kept = {key(message): message for message in catalogue(language)}
    new = polib.POFile(wrapwidth=WIDTH)
    new.metadata = {
        "Project-Id-Version": "Keyholder",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural_forms(language),
    }
    count = forms(language)
    new.extend(_translated(message, kept.get(key(message)), forms=count) for message in said())
    return new


def plural_forms(language: str) -> str:
    """Return the rule by which Django counts in a language: another one would make its own sentences wrong."""
    own = Path(django.__file__).parent / "conf" / "locale" / language / "LC_MESSAGES" / "django.po"
    return polib.pofile(str(own)).metadata["Plural-Forms"]


def forms(language: str) -> int:
    """Return how many plural forms a language has."""
    return int(plural_forms(language).partition("nplurals=")[2].partition(";")[0])


def _translated(message: polib.POEntry, before: polib.POEntry | None, *, forms: int) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.msgid,
        msgid_plural=message.msgid_plural,
        msgctxt=message.msgctxt,
        comment=message.comment,
        occurrences=message.occurrences,
        flags=[flag for flag in message.flags if flag != "fuzzy"],
    )
    if not message.msgid_plural:
        entry.msgstr = before.msgstr if before else ""
        return entry
    had = before.msgstr_plural if before else {}
    entry.msgstr_plural = {form: had.get(form, "") for form in range(forms)}
    return entry


def _read() -> Iterator[Path]:
    for pattern in READ:
        yield from sorted(path for path in SOURCES.rglob(pattern) if not {"__pycache__", "built", "migrations"} & set(path.parts))


def main() -> None:
    """Write every catalogue and say what is left to translate."""
    for language in LANGUAGES:
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = brought_up_to_date(language)
        written.save(str(path))
        sys.stdout.write(f"{path.relative_to(ROOT)}  {len(written)} messages, {len(written.untranslated_entries())} to translate\n")


if __name__ == "__main__":
    main()
