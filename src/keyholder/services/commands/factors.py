"""Second factors of one's own: setting one up, its name, removing it; proving one at the second step of signing in (semantics 7)."""

from dataclasses import dataclass

from keyholder.domain import codes
from keyholder.domain.events import Event
from keyholder.domain.factors import Kind
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.names import clean_name
from keyholder.services import guessing, passkeys, scopes, seals
from keyholder.services.acting import Act, acting
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.commands.finding import user_row
from keyholder.services.commands.signing_in import Admission, How, note_in
from keyholder.services.factors import Step, has_one
from keyholder.services.newcomers import acting_as, wrong
from keyholder.services.notices import FactorChange, post_about_factor
from keyholder.services.passkeys import Answer, Challenge
from keyholder.services.seals import Use
from keyholder.services.second_factors import use_code, wrong_code
from keyholder.storage.models import Authenticator, Passkey, RecoveryCode, User

KIND = "code "


TABLES: dict[Kind, type[Authenticator] | type[Passkey]] = {Kind.AUTHENTICATOR: Authenticator, Kind.PASSKEY: Passkey}


@dataclass(frozen=True, slots=True)
class NewAuthenticator:
    """An authenticator that shows its first code: its name, its secret, and 100 random bytes for recovery codes."""

    name: str
    secret: str
    code: str
    random: bytes


def add_authenticator(*, by: Caller, new: NewAuthenticator) -> tuple[str, ...]:
    """Set an authenticator up, which proves by a code that it has the secret, and return the recovery codes of a first factor.

    They are shown once; with another factor there are some already and none come. Raises Invalid for a wrong code or name, TooMany.
    """
    _count(by, PrincipalId(by.principal or 0))
    with acting(by, scopes.of_instance) as act:
        return _add_authenticator(act, user_row(PrincipalId(by.principal or 0)), new)


def enrol(*, by: Caller, admission: Admission, new: NewAuthenticator) -> tuple[str, ...]:
    """Set the first authenticator up at the door, as an organization asks for, and let the person in; return their recovery codes.

    Raises Invalid for a wrong code or name, and the same as for a wrong password for who has a second factor by now; TooMany.
    """
    _count(by, admission.user)
    with acting_as(by, admission.user) as act:
        row = _without_one(admission.user)
        made = _add_authenticator(act, row, new)
        note_in(act, row, f"{admission.how} and code")
        return made


def enrol_passkey(*, by: Caller, admission: Admission, name: str, challenge: Challenge, answer: Answer, random: bytes) -> tuple[str, ...]:
    """Set a first passkey up at the door, as :func:`enrol` does with an authenticator, and let the person in; raises the same."""
    shown = clean_name(name)
    _count(by, admission.user)
    with acting_as(by, admission.user) as act:
        row = _without_one(admission.user)
        made = _add_passkey(act, row, shown, challenge, answer, random)
        note_in(act, row, f"{admission.how} and passkey")
        return made


def confirm_code(*, by: Caller, admission: Admission, code: str) -> None:
    """Let somebody in who proved one thing and now a code; each counts once. Raises Invalid for a wrong one, TooMany for too many."""
    _count(by, admission.user)
    with acting_as(by, admission.user) as act:
        row = user_row(admission.user)
        use_code(act, row, code)
        note_in(act, row, f"{admission.how} and code")
    guessing.forget(_account(admission.user))


def confirm_passkey(*, by: Caller, admission: Admission, challenge: Challenge, answer: Answer) -> None:
    """Let somebody in who proved one thing and now a passkey of theirs. Raises Invalid, TooMany."""
    _count(by, admission.user)
    with acting_as(by, admission.user) as act:
        row = user_row(admission.user)
        if passkeys.use(act, challenge, answer).user_id != row.pk:
            raise passkeys.not_right()
        note_in(act, row, f"{admission.how} and passkey")
    guessing.forget(_account(admission.user))


def sign_in_with_passkey(*, by: Caller, challenge: Challenge, answer: Answer) -> Admission:
    """Let in who proves a passkey and, by it, that they unlocked it: two things at once, so no further step. Raises Invalid, TooMany."""
    guessing.count(by, f"{KIND}account:passkey {by.address}", kind=KIND)
    found = passkeys.owner(answer)
    if found is None:
        raise passkeys.not_right()
    with acting_as(by, found) as act:
        row = user_row(found)
        passkeys.use(act, challenge, answer)
        note_in(act, row, How.PASSKEY)
    return Admission(found, How.PASSKEY, Step.NOTHING)


def prove_code(*, by: Caller, code: str) -> None:
    """Have the caller prove once more who they are, by a code. Raises Invalid, TooMany."""
    me = PrincipalId(by.principal or 0)
    _count(by, me)
    with acting(by, scopes.of_instance) as act:
        use_code(act, user_row(me), code)
    guessing.forget(_account(me))


def prove_passkey(*, by: Caller, challenge: Challenge, answer: Answer) -> None:
    """Have the caller prove once more who they are, by a passkey of theirs. Raises Invalid, TooMany."""
    me = PrincipalId(by.principal or 0)
    _count(by, me)
    with acting(by, scopes.of_instance) as act:
        if passkeys.use(act, challenge, answer).user_id != me:
            raise passkeys.not_right()
    guessing.forget(_account(me))


def add_passkey(*, by: Caller, name: str, challenge: Challenge, answer: Answer, random: bytes) -> tuple[str, ...]:
    """Set a passkey up, and return the recovery codes of a first factor. Raises Invalid for what is no answer to the challenge."""
    shown = clean_name(name)
    with acting(by, scopes.of_instance) as act:
        return _add_passkey(act, user_row(PrincipalId(by.principal or 0)), shown, challenge, answer, random)


def rename(*, by: Caller, kind: Kind, number: int, name: str) -> None:
    """Change the name of a second factor of one's own. Raises NotFound, Invalid for a bad name."""
    shown = clean_name(name)
    with acting(by, scopes.of_instance) as act:
        row, factor = _own(by, kind, number)
        before, factor.name = factor.name, shown
        if before != shown:
            factor.save(update_fields=["name"])
            act.record(_about(row, "user.factor_renamed", before=before, after=shown))


def remove(*, by: Caller, kind: Kind, number: int) -> None:
    """Remove a second factor of one's own; with the last one its recovery codes go. Raises NotFound."""
    with acting(by, scopes.of_instance) as act:
        row, factor = _own(by, kind, number)
        factor.delete()
        if not has_one(PrincipalId(row.pk)):
            RecoveryCode.objects.filter(user=row).delete()
        act.record(_about(row, "user.factor_removed", factor=factor.name))
        post_about_factor(act, row, FactorChange.REMOVED, factor.name)


def make_recovery_codes(*, by: Caller, random: bytes) -> tuple[str, ...]:
    """Make ten new recovery codes of 100 random bytes and return them; the old ones work no more. Raises NotFound without a factor."""
    with acting(by, scopes.of_instance) as act:
        row = user_row(PrincipalId(by.principal or 0))
        if not has_one(PrincipalId(row.pk)):
            raise not_there()
        post_about_factor(act, row, FactorChange.CODES)
        return _codes(act, row, random)


def _add_authenticator(act: Act, row: User, new: NewAuthenticator) -> tuple[str, ...]:
    shown = clean_name(new.name)
    step = codes.step_of(codes.secret_bytes(new.secret), codes.normal(new.code), act.at)
    if step is None:
        raise wrong_code()
    first = not has_one(PrincipalId(row.pk))
    made = Authenticator(
        user=row, name=shown, secret=seals.seal(new.secret, Use.AUTHENTICATOR), last_step=step, added_at=act.at, used_at=act.at
    )
    made.save(force_insert=True)
    return _added(act, row, shown, new.random if first else None)


def _add_passkey(act: Act, row: User, shown: str, challenge: Challenge, answer: Answer, random: bytes) -> tuple[str, ...]:
    first = not has_one(PrincipalId(row.pk))
    passkeys.add(act, row, shown, challenge, answer)
    return _added(act, row, shown, random if first else None)


def _without_one(user: PrincipalId) -> User:
    """Return somebody who has no second factor yet; who has one proves it, and does not come in by another one (R-OIDC-12)."""
    if has_one(user):
        raise wrong()
    return user_row(user)


def _added(act: Act, row: User, shown: str, random: bytes | None) -> tuple[str, ...]:
    """Tell that a factor was set up; with ``random``, for a first one, make the recovery codes."""
    act.record(_about(row, "user.factor_added", factor=shown))
    post_about_factor(act, row, FactorChange.ADDED, shown)
    return _codes(act, row, random) if random is not None else ()


def _codes(act: Act, row: User, random: bytes) -> tuple[str, ...]:
    made = codes.recovery_codes(random)
    RecoveryCode.objects.filter(user=row).delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(user=row, digest=codes.digest(code)) for code in made])
    act.record(_about(row, "user.recovery_codes_made"))
    return made


def _own(by: Caller, kind: Kind, number: int) -> tuple[User, Authenticator | Passkey]:
    row = user_row(PrincipalId(by.principal or 0))
    found = TABLES[kind].objects.filter(pk=number, user=row).first()
    if found is None:
        raise not_there()
    return row, found


def _account(user: PrincipalId) -> str:
    return f"{KIND}account:{user}"


def _count(by: Caller, user: PrincipalId) -> None:
    guessing.count(by, _account(user), kind=KIND)


def _about(row: User, action: str, **details: str) -> Event:
    return Event(action, "user", row.pk, subject=PrincipalId(row.pk), details={"subject": row.name, **details})
