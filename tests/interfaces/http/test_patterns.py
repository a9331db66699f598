"""Patterns: none comes from a user, and none takes a time out of proportion to what it is given (R-DOS-4).

What takes time is measured in the long runs only: no ordinary run depends on how busy the machine is.
"""

import ast
import importlib
import os
import pkgutil
import re
from itertools import product
from time import process_time

import pytest

import keyholder
from tests.architecture.house import CODE, modules, place, tree

LENGTH = 8_000
MOST = 0.05
"""Seconds of this process's own work: a hundred times what is needed; what looks at everything twice over takes several times as much."""
measured = pytest.mark.skipif(os.environ.get("KEYHOLDER_SOAK") != "full", reason="times are measured in the long runs: make soak")
SIGNS = '"\\a0.<: \n'
USES = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}


def patterns() -> dict[str, re.Pattern[str] | re.Pattern[bytes]]:
    """Return every pattern that a module of the house keeps."""
    found = {}
    for module in pkgutil.walk_packages(keyholder.__path__, "keyholder."):
        if ".migrations" in module.name or module.name.startswith("keyholder.config."):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern):
                found[str(value.pattern)] = (f"{module.name}.{name}", value)
    return dict(found.values())


def test_r_dos_4_every_pattern_stands_in_the_code() -> None:
    """R-DOS-4: text that a user brings is looked at by patterns, and never becomes one."""
    made = [
        place(path, node.lineno)
        for path in modules(CODE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in USES
        and not isinstance(node.args[0], ast.Constant)
    ]
    assert made == []


def searched() -> set[str]:
    """Return the names of what the code searches by; the others are held against a whole text only."""
    calls = [node.func for path in modules(CODE) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call, ast.Attribute) and call.attr in USES - {"compile", "fullmatch", "match"}]
    return {ast.unparse(call.value) for call in named}


def slow(pattern: re.Pattern[str] | re.Pattern[bytes], *, is_searched: bool = True) -> str:
    """Return the two signs of the first hostile text on which a pattern takes too long; empty where there is none."""
    for one, other in product(SIGNS, repeat=2):
        for text in (f"{one}{other}" * (LENGTH // 2) + "!", one + other * LENGTH + "!"):
            given = text.encode() if isinstance(pattern.pattern, bytes) else text
            begun = process_time()
            pattern.fullmatch(given)  # type: ignore[arg-type]  # of the pattern's own kind
            for _found in pattern.finditer(given) if is_searched else ():  # type: ignore[arg-type]  # the same
                pass
            if process_time() - begun > MOST:
                return one + other
    return ""


@measured
@pytest.mark.soak
def test_r_dos_4_no_pattern_looks_at_everything_twice_over() -> None:
    known, by = patterns(), searched()
    assert len(known) > 20
    assert {name: text for name, pattern in known.items() if (text := slow(pattern, is_searched=name.rsplit(".", 1)[1] in by))} == {}


@measured
@pytest.mark.soak
@pytest.mark.parametrize("pattern", [r"[^<]*<", r'"(?:[^"\\]|\\.)*"'])
def test_a_pattern_that_does_is_found(pattern: str) -> None:
    assert slow(re.compile(pattern))
