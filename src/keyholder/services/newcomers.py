"""Newcomers: acting as the person whom somebody who is not signed in has just proven to be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Forbidden, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import scopes
from keyholder.services.act import Act
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.scopes import Scope
from keyholder.storage.models import User

WRONG = _("This address and this password do not belong together.")


@contextmanager
def acting_as(by: Caller, user: PrincipalId, scope: Scope = scopes.of_instance) -> Iterator[Act]:
    """Act as a person; who is suspended, or nobody, is told what everybody else is told: the Invalid of a wrong password."""
    name = User.objects.filter(pk=user).values_list("name", flat=True).first()
    try:
        with acting(replace(by, principal=user, name=name or ""), scope) as act:
            yield act
    except Forbidden as refusal:
        raise wrong() from refusal


def wrong() -> Invalid:
    """Make the one refusal for whoever does not get in."""
    return Invalid("wrong_password", sentence(WRONG))
