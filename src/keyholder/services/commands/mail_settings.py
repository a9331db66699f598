"""Mail settings: the server that takes the instance's mail. One at most, an operator's matter; its password is write-only (R-KEY-2)."""

from keyholder.domain.events import Event
from keyholder.domain.mail_settings import MailSettings, Security, clean_password, mail_settings
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import letters, scopes, seals
from keyholder.services.act import Act
from keyholder.services.acting import acting
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.seals import Use
from keyholder.storage import outbox
from keyholder.storage.models import MailSettings as MailSettingsRow

GIVEN_FOR = _("The password was given for {user} at {host}: enter the one that belongs to this server and this user.")


def configure(
    *, by: Caller, host: str, port: int, security: Security, sender: str, username: str = "", password: str | None = None
) -> None:
    """Set the mail server, the first or another one; letters that wait are tried at once. Only an operator may.

    ``password`` None keeps the one that is there; without a user name there is none. Raises Invalid, placed at its field, for what can't be
    a mail server's, and where the password would have to be kept for another host or user than it was given for.
    """
    given = mail_settings(host, port, security, username, sender)
    sealed = None if password is None else _sealed(clean_password(password) if given.username else "")
    with acting(by, scopes.of_instance) as act:
        act.authority.require_operator()
        if _write(act, given, sealed):
            act.record(Event("mail.settings_changed", "mail_settings", details={"host": given.host}))
            outbox.hasten(act.at)
            outbox.after_commit(letters.BELL.set)


def remove(*, by: Caller) -> None:
    """Remove the mail server: nothing is mailed from now on; letters that wait go on waiting for another one. Only an operator may.

    Raises NotFound where there is none.
    """
    with acting(by, scopes.of_instance) as act:
        act.authority.require_operator()
        row = MailSettingsRow.objects.first()
        if row is None:
            raise not_there()
        act.ledger.remove(row)
        act.record(Event("mail.settings_removed", "mail_settings", details={"host": row.host}))


def _sealed(password: str) -> str:
    return seals.seal(password, Use.MAIL) if password else ""


def _write(act: Act, given: MailSettings, sealed: str | None) -> bool:
    """Write the one row; say whether anything is different. The password's column is no part of the fact."""
    columns = {
        "host": given.host,
        "port": given.port,
        "security": given.security.value,
        "username": given.username,
        "sender": given.sender,
    }
    row = MailSettingsRow.objects.first()
    if row is None:
        act.ledger.add(MailSettingsRow(**columns, password=sealed or ""))
        return True
    return act.ledger.change(row, **columns, password=_kept(row, given) if sealed is None else sealed)


def _kept(row: MailSettingsRow, given: MailSettings) -> str:
    if row.password and given.username and (row.host, row.username) != (given.host, given.username):
        raise Invalid("password", sentence(GIVEN_FOR, user=row.username, host=row.host), place="password")
    return row.password if given.username else ""
