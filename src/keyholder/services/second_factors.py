"""Second factors within an act: using a code, so that it counts once (R-RAT-2)."""

from datetime import datetime

from keyholder.domain import codes
from keyholder.domain.events import Event, Value
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import seals
from keyholder.services.act import Act
from keyholder.services.seals import Use
from keyholder.storage.models import Authenticator, RecoveryCode, User

WRONG_CODE = _("This code is not right, or was used already. An authenticator shows another one every half minute.")


def use_code(act: Act, row: User, code: str) -> None:
    """Use up a code of an authenticator or a recovery code. Raises Invalid for one that is wrong or was used, be it a moment ago."""
    given = codes.normal(code)
    if _of_authenticator(act, row, given):
        return
    if not use_up_recovery(row, codes.digest(given), act.at):
        raise wrong_code()
    left = RecoveryCode.objects.filter(user=row, used_at__isnull=True).count()
    details: dict[str, Value] = {"subject": row.name, "left": left}
    act.record(Event("user.recovery_code_used", "user", row.pk, subject=PrincipalId(row.pk), details=details))


def use_up_recovery(row: User, digest: str, at: datetime) -> bool:
    """Use a recovery code up; False where it is none of theirs, or was used. Looked at and written by one statement."""
    return bool(RecoveryCode.objects.filter(user=row, digest=digest, used_at__isnull=True).update(used_at=at))


def use_up_step(one: Authenticator, step: int, at: datetime) -> bool:
    """Use up the code of a half minute, and those before it; False where it was used. Looked at and written by one statement."""
    return bool(Authenticator.objects.filter(pk=one.pk, last_step__lt=step).update(last_step=step, used_at=at))


def wrong_code() -> Invalid:
    """Make the refusal for a code that is not right."""
    return Invalid("code", sentence(WRONG_CODE), place="code")


def _of_authenticator(act: Act, row: User, code: str) -> bool:
    for one in Authenticator.objects.filter(user=row):
        step = codes.step_of(codes.secret_bytes(seals.unseal(one.secret, Use.AUTHENTICATOR)), code, act.at)
        if step is not None and use_up_step(one, step, act.at):
            return True
    return False
