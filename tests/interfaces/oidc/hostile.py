"""A provider of our own on this machine that does what it is told, good or bad; and the journey of a browser to it and back."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from keyholder.interfaces.http import clock
from tests.services.claims import CLIENT, claims, ec, published, rsa, signed

SECRET = "the-secret-of-the-client"


@dataclass
class Reply:
    """What the provider answers: JSON, or bytes; ``steps`` come one by one with a pause before each."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    steps: int = 0


@dataclass
class Provider:
    """The provider. Every part of its behaviour can be replaced; what it was asked is kept."""

    issuer: str = ""
    nonce: str = ""
    challenge: str = ""
    says: dict[str, Any] = field(default_factory=dict)
    """Claims that differ from a good token's."""
    description: dict[str, Any] = field(default_factory=dict)
    replies: dict[str, Callable[[], Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, list[str]]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    is_lenient: bool = False
    """It takes a code as often as it comes."""
    authorization: str = ""

    def describe(self) -> Reply:
        """Say about itself what providers say."""
        usual = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "id_token_signing_alg_values_supported": ["RS256", "PS256", "ES256"],
        }
        return Reply({**usual, **self.description})

    def token(self, code: str, verifier: str) -> Reply:
        """Turn a code into tokens once, for whoever has the verifier."""
        made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if made != self.challenge or (code in self.used and not self.is_lenient):
            return Reply({"error": "invalid_grant"}, 400)
        self.used.add(code)
        return Reply({"access_token": "an access token", "token_type": "Bearer", "id_token": signed(self.claims())})

    def claims(self, **others: object) -> dict[str, object]:
        """Return the claims of a token of now."""
        return claims(clock.now().timestamp(), iss=self.issuer, aud=CLIENT, nonce=self.nonce, **{**self.says, **others})

    def answers(self, path: str, body: object) -> None:
        """Answer with this at an address."""
        self.replies[path] = lambda: Reply(body)

    def gives(self, token: object, **others: object) -> None:
        """Answer with this ID token."""
        self.answers("/token", {"access_token": "an access token", "token_type": "Bearer", "id_token": token, **others})


class Handler(BaseHTTPRequestHandler):
    """Answers for a provider."""

    provider: Provider

    def do_GET(self) -> None:
        self.answer(b"")

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers["Content-Length"] or 0)))

    def answer(self, body: bytes) -> None:
        path, form = urlsplit(self.path).path, parse_qs(body.decode())
        self.provider.asked.append(path)
        self.provider.authorization = self.headers.get("Authorization", "")
        if body:
            self.provider.forms.append(form)
        self.reply(self.choose(path, form))

    def choose(self, path: str, form: dict[str, list[str]]) -> Reply:
        if path in self.provider.replies:
            return self.provider.replies[path]()
        if path == "/.well-known/openid-configuration":
            return self.provider.describe()
        if path == "/keys":
            return Reply(published(rsa(), ec()))
        if path == "/token":
            return self.provider.token(form["code"][0], form["code_verifier"][0])
        return Reply({}, 404)

    def reply(self, made: Reply) -> None:
        body = made.body if isinstance(made.body, bytes) else json.dumps(made.body).encode()
        self.send_response(made.status)
        self.send_header("Content-Type", made.kind)
        for name, value in made.headers.items():
            self.send_header(name, value)
        if not made.steps:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)
            for _ in range(made.steps):
                sleep(0.05)
                self.wfile.write(b" ")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider on a free port of this machine until the block ends."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"provider": provider}))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def go(client: Client, provider: Provider, **fields: str) -> dict[str, str]:
    """Go to the provider, and return what the browser takes there."""
    page = client.post("/oidc/mts/start/", fields)
    assert page.status_code == 200, page.content.decode()
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
    assert found
    taken = {name: values[0] for name, values in parse_qs(urlsplit(unescape(found[1])).query).items()}
    provider.nonce, provider.challenge = taken["nonce"], taken["code_challenge"]
    return taken


def back(client: Client, state: str | None, **others: Any) -> Any:
    """Come back from the provider with a code; None leaves a parameter out."""
    given: dict[str, Any] = {"state": state, "code": "a-code", **others}
    return client.get("/oidc/mts/callback/", {name: value for name, value in given.items() if value is not None})


def who(client: Client) -> int | None:
    """Return who is signed in."""
    found = client.session.get("_auth_user_id")
    return int(found) if found else None
