"""The mail server: encrypted and with a login as it was set up, and words for whatever goes wrong."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from ssl import SSLContext
from time import perf_counter, sleep

import pytest

from keyholder.domain.mail_settings import MailServer, MailSettings, Security
from keyholder.domain.outbox import Fault
from keyholder.interfaces.jobs import smtp
from keyholder.interfaces.jobs.mails import Mail
from keyholder.interfaces.jobs.smtp import UndeliveredError, deliver
from tests.interfaces.jobs import certificates
from tests.interfaces.jobs.sink import free_port, sinking

MAIL = Mail("keyholder@acme.example", "zoe@elsewhere.example", b"Subject: Hello\r\n\r\n.a line that begins with a dot\r\n")
PASSWORD = "open sesame"


def server(port: int, security: Security = Security.NONE, username: str = "", password: str = "", host: str = "localhost") -> MailServer:
    return MailServer(MailSettings(host, port, security, username, "keyholder@acme.example"), password)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SSLContext:
    """Return what a server shows that this machine trusts."""
    authority, context = certificates.make(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    return context


@contextmanager
def saying(*lines: bytes, pause: float = 0) -> Iterator[int]:
    """Run a server that says the same to everybody, a piece at a time, and then holds the line."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with listener.accept()[0] as line, suppress(OSError):
                for said in lines:
                    line.sendall(said)
                    sleep(pause)
                line.settimeout(5)
                line.recv(1000)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listener.getsockname()[1]


def refused(given: MailServer, **patience: float) -> UndeliveredError:
    with pytest.raises(UndeliveredError) as caught:
        deliver(given, MAIL, **patience)
    return caught.value


def test_a_mail_arrives_as_it_was_made() -> None:
    with sinking() as sink:
        deliver(server(sink.port), MAIL)
    (envelope,) = sink.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == (MAIL.sender, [MAIL.recipient])
    assert envelope.original_content == MAIL.raw


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_with_starttls_and_a_login(trusted: SSLContext, host: str) -> None:
    with sinking(starttls=trusted, login=True) as sink:
        deliver(server(sink.port, Security.STARTTLS, "keyholder", PASSWORD, host), MAIL)
    assert sink.recipients == [MAIL.recipient]
    assert sink.logins == [("keyholder", PASSWORD)]


def test_with_tls_from_the_start(trusted: SSLContext) -> None:
    with sinking(tls=trusted) as sink:
        deliver(server(sink.port, Security.TLS), MAIL)
    assert sink.recipients == [MAIL.recipient]


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, security: Security) -> None:
    _authority, context = certificates.make(tmp_path)
    with sinking(tls=context if security is Security.TLS else None, starttls=context if security is Security.STARTTLS else None) as sink:
        error = refused(server(sink.port, security, "keyholder", PASSWORD))
    assert error.fault is Fault.CERTIFICATE
    assert "certificate" in error.words
    assert not sink.logins


def test_a_server_that_does_not_encrypt_gets_nothing() -> None:
    """Whoever takes STARTTLS out of the answer does not get the password either."""
    with sinking(login=True) as sink:
        assert refused(server(sink.port, Security.STARTTLS, "keyholder", PASSWORD)).fault is Fault.UNENCRYPTED
        assert refused(server(sink.port, Security.TLS, "keyholder", PASSWORD)).fault is Fault.UNENCRYPTED
    assert not sink.logins


def test_a_wrong_password_is_said_and_not_repeated() -> None:
    with sinking(login=True) as sink:
        error = refused(server(sink.port, username="keyholder", password="canary-password"))
    assert error.fault is Fault.LOGIN
    assert error.words.startswith("535")
    assert "canary" not in error.words


def test_a_server_that_knows_no_login() -> None:
    with sinking() as sink:
        assert refused(server(sink.port, username="keyholder", password=PASSWORD)).fault is Fault.LOGIN


def test_nobody_listens() -> None:
    error = refused(server(free_port()))
    assert (error.fault, error.words) == (Fault.UNREACHABLE, "Connection refused")


@pytest.mark.parametrize("said", [b"554 go away\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
def test_what_is_no_mail_server(said: bytes) -> None:
    with saying(said) as port:
        assert refused(server(port), step=0.5).fault is Fault.UNREACHABLE


def test_a_server_that_says_nothing_is_waited_for_no_longer_than_a_step() -> None:
    with saying() as port:
        begun = perf_counter()
        assert refused(server(port), step=0.3).fault is Fault.UNREACHABLE
        assert perf_counter() - begun < 3


def test_a_server_that_goes_on_and_on_is_cut_off() -> None:
    """Each byte is in time; the whole is not."""
    with saying(*[b"2"] * 40, pause=0.1) as port:
        begun = perf_counter()
        assert refused(server(port), step=5, whole=0.5).fault is Fault.UNREACHABLE
        assert perf_counter() - begun < 3


def test_a_connection_that_breaks_off_at_a_recipient_is_that_letters_fault() -> None:
    with sinking() as sink:
        sink.slow[MAIL.recipient] = 3
        assert refused(server(sink.port), step=0.3).fault is Fault.INTERRUPTED


def test_what_a_server_says_is_kept_without_the_password_and_without_a_links_secret() -> None:
    """R-LOG-2: a server may say again what it was told."""
    given = server(25, username="keyholder", password="canary")
    sent = "canary, Y2FuYXJ5, AGtleWhvbGRlcgBjYW5hcnk="
    said = f"550 you said {sent} and http://x.example/reset/m1-2-abcdefghijklmnopqrstuvwxyz0123456789/ \r\n twice"
    clean = smtp._clean(given, said)
    assert "canary" not in clean
    assert "Y2FuYXJ5" not in clean
    assert "AGtleWhvbGRlcgBjYW5hcnk" not in clean
    assert "abcdefghij" not in clean
    assert clean.endswith("twice")
    assert smtp._clean(server(25), "no password, nothing hidden") == "no password, nothing hidden"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://keys.acme.example", "keys.acme.example"),
        ("http://127.0.0.1:8000", "localhost.localdomain"),
        ("http://keyholder", "localhost.localdomain"),
    ],
)
def test_the_instance_greets_by_a_name_of_the_internet(settings: object, address: str, name: str) -> None:
    settings.PUBLIC_URL = address  # type: ignore[attr-defined]  # Django's settings
    assert smtp._own_name() == name
