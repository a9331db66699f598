"""A certified OpenID provider (npm ``oidc-provider``) as a process of its own on this machine, and how a person answers its pages."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx2
import pytest

from tests import processes

ROOT = Path(__file__).resolve().parents[3]
INSTALLED = ROOT / "build" / "oidc-provider"
ALICE = {"name": "Alice Martin", "email": "alice@acme.example", "email_verified": True}
STEPS = 12
"""Pages and redirects after which a sign-in at the provider must have come to an end."""

needs_node = pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="node and npm are not here")


@contextmanager
def serving(redirect: str, accounts: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Run the provider, whose people are these by their logins, and give its issuer; it ends with the block."""
    subprocess.run(["make", "--silent", "oidc-provider"], cwd=ROOT, check=True)  # noqa: S607 - the house's own
    environment = {**os.environ, "REDIRECT": redirect, "ACCOUNTS": json.dumps(accounts)}
    command = [str(shutil.which("node")), str(INSTALLED / "provider.mjs")]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # noqa: S603 - our own
        try:
            issuer = next((line.strip() for line in process.stdout or () if line.startswith("http://")), "")
            assert issuer, "the provider ended before it answered"
            yield issuer
        finally:
            processes.end(process)


def come_back(url: str, redirect: str, login: str) -> str:
    """Answer the provider's pages as somebody, and return the address that it sends them back to."""
    with httpx2.Client(trust_env=False, timeout=20) as browser:
        answer = browser.get(url)
        for _ in range(STEPS):
            location = answer.headers.get("location")
            if location and urljoin(str(answer.url), location).startswith(redirect):
                return urljoin(str(answer.url), location)
            if location:
                answer = browser.get(urljoin(str(answer.url), location))
                continue
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            action = re.search(r'action="([^"]+)"', answer.text)
            assert prompt, answer.text
            assert action, answer.text
            answer = browser.post(urljoin(str(answer.url), action[1]), data={"prompt": prompt[1], "login": login, "password": "any"})
    message = "the provider does not come to an end"
    raise AssertionError(message)
