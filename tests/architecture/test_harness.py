"""The harness itself: what it promises to the other tests."""

import socket

import pytest

from tests.requirements_plugin import in_name, in_text


def test_ids_are_read_from_names_and_docstrings() -> None:
    assert in_name("test_r011_a_smaller_binding_changes_nothing[R-EML-1]") == {"R011", "R-EML-1"}
    assert in_name("test_i_az_2_is_monotone_r_inv_15") == {"I-AZ-2", "R-INV-15"}
    assert in_text("Ben keeps what he has (R011, I-AZ-2); not R1234.") == {"R011", "I-AZ-2"}


def test_nothing_leaves_this_machine() -> None:
    with socket.socket() as outside, pytest.raises(ConnectionRefusedError, match=r"a test tried to reach 192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))
