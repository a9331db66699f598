"""JSON that a request brings is judged before it is parsed (R-DOS-1, R-DEC-7)."""

from time import perf_counter

import pytest

from keyholder.domain.refusals import Invalid
from keyholder.interfaces.http.json_bodies import DEPTH, NODES, read_json


def nested(depth: int) -> bytes:
    """Make lists within lists."""
    return b"[" * depth + b"]" * depth


def test_a_body_is_read_as_it_stands() -> None:
    assert read_json('{"name": "Jānis \\"[{,\\"", "n": [1, 2.5, null, true]}'.encode()) == {
        "name": 'Jānis "[{,"',
        "n": [1, 2.5, None, True],
    }


def test_r_dos_1_thirty_two_levels_are_read_and_one_more_is_refused() -> None:
    assert DEPTH == 32
    assert read_json(nested(32)) is not None
    with pytest.raises(Invalid, match="nested too deeply"):
        read_json(nested(33))


def test_r_dos_1_ten_thousand_values_are_read_and_one_more_is_refused() -> None:
    assert NODES == 10_000
    assert read_json(b"[" + b",".join(b"0" for _ in range(9_999)) + b"]")
    with pytest.raises(Invalid, match="too many values"):
        read_json(b"[" + b",".join(b"0" for _ in range(10_001)) + b"]")


def test_r_dos_1_a_body_that_only_opens_brackets_is_refused_at_once() -> None:
    begun = perf_counter()
    with pytest.raises(Invalid):
        read_json(b"[" * 1_000_000)
    assert perf_counter() - begun < 0.5


def test_brackets_within_a_text_are_no_levels() -> None:
    assert read_json(b'["' + b"[{" * 1000 + b'"]') == ["[{" * 1000]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b"\xff\xfe", b'"\\ud800', b"[NaN]", b"[Infinity]", b"[1] 2", b'{"a": 1, "a": 2}', b'{"x": {"a": 1, "a": 1}}'],
)
def test_r_dec_7_what_is_no_json_or_says_one_thing_twice_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        read_json(body)
