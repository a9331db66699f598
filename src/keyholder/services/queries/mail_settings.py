"""Mail settings as an operator sees them, without the password; and the whole server for the instance itself, which is about to send."""

from dataclasses import dataclass

from keyholder.domain.letters import Letter, LetterKind
from keyholder.domain.mail_settings import MailServer, MailSettings, Security
from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import letters, seals
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of
from keyholder.services.seals import Use
from keyholder.storage.models import MailSettings as MailSettingsRow
from keyholder.storage.models import User

NOT_THE_INSTANCE = _("Only the instance itself reads the password of its mail server.")


@dataclass(frozen=True, slots=True)
class MailSettingsView:
    """The mail server, and whether there is a password for it."""

    settings: MailSettings
    has_password: bool


def mail_settings(*, by: Caller) -> MailSettingsView | None:
    """Return the mail server, None where none is set up; raises Forbidden for anybody but an operator."""
    authority_of(by).require_operator()
    row = MailSettingsRow.objects.first()
    return None if row is None else MailSettingsView(_settings(row), bool(row.password))


def is_mailing(*, by: Caller) -> bool:
    """Say whether letters are mailed at all: everybody who is signed in may know. Raises Forbidden for who is not."""
    authority_of(by)
    return letters.is_mailing()


def mail_server(*, by: Caller) -> MailServer | None:
    """Return the mail server with its password, None where none is set up.

    Raises Forbidden for anybody but the instance, Conflict where no key of the instance opens the password.
    """
    if not by.is_instance:
        raise Forbidden("not_the_instance", sentence(NOT_THE_INSTANCE))
    row = MailSettingsRow.objects.first()
    return None if row is None else MailServer(_settings(row), seals.unseal(row.password, Use.MAIL) if row.password else "")


def trial(*, by: Caller) -> Letter:
    """Return the letter that tries the mail server, to the caller's own stored address (R-EML-4).

    Raises Forbidden for anybody but an operator, NotFound where no mail server is set up and for the command line, which has no address.
    """
    authority_of(by).require_operator()
    row = User.objects.filter(pk=by.principal).first()
    if row is None or not letters.is_mailing():
        raise not_there()
    return Letter(LetterKind.TEST, row.email, row.name, row.language, row.pk, details={"sender": row.name})


def _settings(row: MailSettingsRow) -> MailSettings:
    return MailSettings(row.host, row.port, Security(row.security), row.username, row.sender)
