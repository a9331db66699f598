"""The trial: a test mail to whoever asks for it, sent at once and not by the outbox, so that what goes wrong can be said."""

from keyholder.domain.outbox import SAID, Fault
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import sentence
from keyholder.interfaces.http import clock
from keyholder.interfaces.jobs import mails, sending, smtp
from keyholder.interfaces.jobs.headers import UnsendableError
from keyholder.interfaces.jobs.mails import Envelope
from keyholder.interfaces.jobs.smtp import UndeliveredError
from keyholder.services.caller import Caller
from keyholder.services.queries import mail_settings

STEP, WHOLE = 8.0, 20.0
"""Seconds for one answer and for all: somebody looks at the page meanwhile."""


def send(*, by: Caller) -> str:
    """Send a test mail to the caller's own stored address, and return that address.

    Raises Forbidden for anybody but an operator, NotFound where there is no mail server, and Conflict that says what went wrong.
    """
    letter = mail_settings.trial(by=by)
    now = clock.now()
    try:
        server = sending.server()
        smtp.deliver(server, mails.mail(letter, Envelope(server.settings.sender, 0, now, now)), step=STEP, whole=WHOLE)
    except UndeliveredError as error:
        raise Conflict(error.fault.value, sentence(SAID[error.fault], words=error.words)) from error
    except UnsendableError as error:
        raise Conflict(Fault.UNSENDABLE.value, sentence(SAID[Fault.UNSENDABLE], words=str(error))) from error
    return letter.recipient
