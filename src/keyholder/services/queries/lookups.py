"""Look-ups: the numbers of what an operator names on the command line."""

from keyholder.domain.addresses import canon
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import NotFound
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of
from keyholder.storage.models import User

NOBODY = _("Nobody here has the address {address}.")


def user(*, by: Caller, email: str) -> PrincipalId:
    """Return the person with an address, in any writing of it. Raises Invalid, NotFound, and Forbidden for anybody but an operator."""
    authority_of(by).require_operator()
    found = User.objects.filter(canonical=canon(email)).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("not_found", sentence(NOBODY, address=email))
    return PrincipalId(found)
