"""Lost second factors: an operator takes all of somebody's away, so that a password alone lets them in and they set up others."""

from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import scopes, sessions
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.commands.finding import user_row
from keyholder.services.factors import has_one
from keyholder.services.notices import FactorChange, post_about_factor
from keyholder.services.taking_over import FACTORS

OWN = _("Your own second factors are under your account, each to be removed by itself.")
NONE = _("{subject} has no second factor.")


def remove(*, by: Caller, user: PrincipalId, reason: str = "") -> None:
    """Remove every second factor of a person and their recovery codes; every session of theirs ends, and they are told by a letter.

    Only an operator may, about anybody but themselves: who runs the instance alone and has lost theirs uses the command line. No
    administrator and no reset link does this (semantics 7). Raises Conflict for who has none.
    """
    with acting(by, scopes.of_instance) as act:
        act.authority.require_operator()
        row = user_row(user)
        if user == by.principal:
            raise Conflict("own_factors", sentence(OWN))
        if not has_one(user):
            raise Conflict("no_factor", sentence(NONE, subject=row.name))
        for factor in FACTORS:
            factor.objects.filter(user=row).delete()
        sessions.end_all(user)
        act.record(Event("user.factors_removed", "user", row.pk, subject=user, details={"subject": row.name}, reason=reason))
        post_about_factor(act, row, FactorChange.LOST)
