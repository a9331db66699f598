"""Link rights: whether a caller may speak for an account's side of its link to an organization (semantics 5)."""

from keyholder.domain.identifiers import ResourceId
from keyholder.domain.sentences import gettext_noop as _
from keyholder.engine.decision import Question, check
from keyholder.services.authority import Authority
from keyholder.services.warrants import Matter
from keyholder.storage import slices
from keyholder.storage.models import Resource

LINK = "organization.link"
"""The blueprints' action; its permission is needed beside the granting one."""
NEITHER = _("Only an admin of {organization}, or somebody who manages the users of {resource} and may link it, can do this.")
NOT_LINKED = _("{resource} is linked to no organization.")


def may_link(authority: Authority, account: Resource) -> bool:
    """Say whether the caller holds the granting permission at an account and what the blueprint's action of linking needs."""
    if authority.by.principal is None:
        return True
    here, me = ResourceId(account.pk), authority.by.principal
    facts = slices.of([me], [here])
    granting = authority.catalogue.of(account.type).granting
    questions = (Question(me, here, permission=granting), Question(me, here, action=LINK))
    found = all(check(facts, authority.catalogue, question, authority.by.at).allowed for question in questions)
    if found:
        authority.warrants.allow(Matter.LINK, account.pk)
    return found
