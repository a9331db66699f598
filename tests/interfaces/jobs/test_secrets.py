"""Secrets of the mail: in the mail alone, in no row, no log line and no answer (R-KEY-2, R-INV-8, R-LOG-2)."""

import json

import pytest
from django.template import engines

from keyholder.interfaces.http import clock
from keyholder.services import proofs
from keyholder.services.commands import resets
from keyholder.services.proofs import Purpose
from keyholder.services.reset_links import GENERATION
from keyholder.storage.models import Letter, PasswordReset
from tests.cast import person
from tests.interfaces.jobs.posting import send_all, use
from tests.interfaces.jobs.sink import sinking
from tests.services.inviting_people import nobody
from tests.tables import contents

CANARY = "canary-of-the-mail-server"


def test_r_key_2_the_password_and_the_secrets_of_links_are_in_no_table_and_in_no_line_of_the_log(
    db: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-KEY-2, R-LOG-2: also where the login is refused and the server says again what it was told."""
    known = engines["mail-text"].get_template
    reset = engines["mail-text"].from_string("Reset\n\n{{ link }}")
    monkeypatch.setattr(engines["mail-text"], "get_template", lambda name: reset if "reset" in name else known(name))
    person("Ben")
    with sinking(login=True) as sink:
        use(sink, username="keys", password=CANARY)
        resets.mail_asked(by=nobody(clock.now()), email="ben@acme.example")
        secret = proofs.mailed(Purpose.RESET, PasswordReset.objects.get().pk, GENERATION)
        send_all()
        use(sink, username="keys", password="open sesame")
        sink.data_answer = f"451 what is http://127.0.0.1:8000/reset/{secret}/ ?"
        send_all()
        kept = Letter.objects.get().error + json.dumps(contents(), default=str)
        sink.data_answer = "250 taken"
        use(sink, username="keys", password="open sesame ")
        use(sink, username="keys", password="open sesame")
        send_all()
    assert sink.logins[0] == ("keys", CANARY)
    assert sink.mails
    body = sink.mails[0].get_body(("plain",))
    assert body is not None
    assert secret in str(body.get_content())
    kept += json.dumps(contents(), default=str) + caplog.text + str([vars(record) for record in caplog.records])
    assert "letter sent" in caplog.text
    for canary in ("canary", "open sesame", secret, secret.rpartition("-")[2]):
        assert canary not in kept
    assert kept.startswith("later: 451 what is http://127.0.0.1:8000/reset/(masked)"), "what the server said is kept otherwise"
