"""Refusals in tests: which kind, by which rule, and what its sentence names."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from keyholder.domain.refusals import Refusal, Refusals


@contextmanager
def refused(kind: type[Refusal], code: str, *words: str) -> Iterator[None]:
    """Expect a refusal of exactly this kind and code whose sentence holds these words."""
    with pytest.raises(Refusal) as caught:
        yield
    assert (type(caught.value), caught.value.code) == (kind, code), str(caught.value)
    assert [word for word in words if word not in str(caught.value.sentence)] == []


@contextmanager
def refused_rows(codes: dict[int, str]) -> Iterator[None]:
    """Expect a bulk command to be refused as a whole, for these principals by these rules."""
    with pytest.raises(Refusals) as caught:
        yield
    assert {int(row.row): row.refusal.code for row in caught.value.rows} == codes


@contextmanager
def refused_rows_named(codes: dict[str, str]) -> Iterator[None]:
    """Expect a command to be refused as a whole, for what is called so by these rules."""
    with pytest.raises(Refusals) as caught:
        yield
    assert {row.row: row.refusal.code for row in caught.value.rows} == codes
