"""Blueprint files: TOML to :class:`~keyholder.domain.blueprint.Catalogue`, checked as a whole when it is loaded (semantics 1).

The three shipped files lie in ``keyholder/blueprints``; the operator adds others in a folder (``KEYHOLDER_BLUEPRINTS``). A file there
that has the name of a shipped blueprint stands in its place: so a rule is switched without touching the package (R006).
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from keyholder.domain.blueprint import Blueprint, Catalogue
from keyholder.domain.blueprint_parsing import parse
from keyholder.domain.blueprint_rules import findings
from keyholder.domain.blueprint_tables import BlueprintError

__all__ = ["BlueprintError", "builtin", "catalogue", "load"]

_SHIPPED = Path(__file__).resolve().parent.parent / "blueprints"


def load(paths: Iterable[Path]) -> Catalogue:
    """Read these files, in this order; raises BlueprintError for the first thing that is wrong in one of them or between them."""
    return _together((str(path), read(path)) for path in paths)


@cache
def builtin() -> Catalogue:
    """Return the platforms that come with Keyholder."""
    return load(_files_in(_SHIPPED))


def catalogue(folder: str | None) -> Catalogue:
    """Return the shipped platforms and those of the operator's folder, which win where the names are equal.

    An empty folder name means none. Raises BlueprintError, also where the folder can't be read.
    """
    if not folder:
        return builtin()
    if not Path(folder).is_dir():
        raise BlueprintError(folder, "", "is not a folder that can be read")
    own = [(str(path), read(path)) for path in _files_in(Path(folder))]
    replaced = {blueprint.name for _file, blueprint in own}
    shipped = [(str(path), read(path)) for path in _files_in(_SHIPPED)]
    return _together([*((file, blueprint) for file, blueprint in shipped if blueprint.name not in replaced), *own])


def read(path: Path) -> Blueprint:
    """Read one file and check it by itself; raises BlueprintError naming file, key and cause."""
    file = str(path)
    try:
        tree = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BlueprintError(file, "", f"can't be read: {problem}") from problem
    blueprint = parse(file, tree)
    for key, cause in findings(blueprint):
        raise BlueprintError(file, key, cause)
    return blueprint


def _files_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))


def _together(named: Iterable[tuple[str, Blueprint]]) -> Catalogue:
    """Put blueprints side by side: their own names and their types' names are unique in an instance."""
    blueprints: dict[str, Blueprint] = {}
    types: dict[str, str] = {}
    for file, blueprint in named:
        if blueprint.name in blueprints:
            raise BlueprintError(file, "name", f"{blueprint.name!r} is taken by another file")
        for name in blueprint.types:
            if name in types:
                raise BlueprintError(file, f"types.{name}", f"the type name is taken by the blueprint {types[name]!r}")
            types[name] = blueprint.name
        blueprints[blueprint.name] = blueprint
    return Catalogue(blueprints)
