"""Processes that tests start: each ends with its test, also one that does not want to."""

import subprocess
from contextlib import suppress


def end(process: "subprocess.Popen[str] | subprocess.Popen[bytes]", patience: float = 30) -> None:
    """Ask a process to end and wait so many seconds; raises TimeoutExpired where it had to be made to."""
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        make_end(process)
        raise


def make_end(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    """End a process without asking it."""
    with suppress(ProcessLookupError):
        process.kill()
    process.wait()
