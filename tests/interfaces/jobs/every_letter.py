"""Every kind of letter as a table, with the variants of each: who acts, what is told, and how many."""

from collections.abc import Mapping
from dataclasses import dataclass

from keyholder.domain.letters import Letter
from keyholder.domain.letters import LetterKind as Kind
from keyholder.services import letters

ALICE: Mapping[str, object] = {"by": "Alice", "by_address": "alice@acme.example"}
COMMAND_LINE: Mapping[str, object] = {"by": "", "by_address": ""}
AT: Mapping[str, object] = {"at": "2026-11-22T12:00:00+00:00"}
UNTIL: Mapping[str, object] = {"until": "2026-12-24T22:05:00Z"}
SHOP: Mapping[str, object] = {"place": "Shop", "type": "account"}
INVITED = {**UNTIL, "resource": "Shop", "type": "account", "message": "Acme\n\nAlice"}
ASKED = {**SHOP, "asker": "Dan", "address": "dan@elsewhere.example", "what": ["edit"], "reason": "Acme\nWeb", "days": 2}
ANSWERED = {**SHOP, **UNTIL, "approved": True, "invited": False, "what": ["edit", "read_analyze"], "answer": "Acme"}
LINK = {"asker": "Dan", "address": "", "account": "Shop", "key": "account:100", "organization": "Acme", "reason": "Acme"}
FACTOR = {**ALICE, **AT, "factor": "Web"}


@dataclass(frozen=True, slots=True)
class Case:
    """A letter to Cleo, and one thing that its variant tells in English."""

    kind: Kind
    details: Mapping[str, object]
    told: str
    path: str = "/somewhere/"
    name: str = "Cleo"

    def letter(self, language: str = "") -> Letter:
        """Return the letter in a language."""
        path = "" if self.kind in letters.LINKS else self.path
        return Letter(self.kind, "cleo@acme.example", self.name, language, about=7, generation=1, path=path, details=self.details)


def _answer(answer: str, told: str) -> Case:
    return Case(Kind.INVITATION_ANSWERED, {**ALICE, "answer": answer, "address": "dan@elsewhere.example", "resource": "Shop"}, told)


CASES = [
    Case(Kind.INVITATION, {**ALICE, **INVITED}, "Alice (alice@acme.example) invites you to Shop (Account, Google Analytics).", name=""),
    Case(Kind.INVITATION, {**ALICE, **INVITED}, "works once, until 24 December 2026, 22:05 UTC.", name=""),
    Case(Kind.INVITATION, {**COMMAND_LINE, **INVITED}, "The operator invites you to Shop", name=""),
    _answer("accepted", "dan@elsewhere.example accepted the invitation to Shop."),
    _answer("declined", "dan@elsewhere.example declined the invitation to Shop."),
    _answer("revoked", "Alice revoked the invitation of dan@elsewhere.example to Shop."),
    _answer("awaiting", "If it is right, take the invitation over"),
    _answer("outside", "the organization takes only people whom its user policy allows"),
    Case(Kind.ACCESS_GIVEN, {**ALICE, **SHOP, "what": ["edit"], "until": ""}, "You did not expect it? Ask alice@acme.example."),
    Case(Kind.ACCESS_GIVEN, {**COMMAND_LINE, **SHOP, **UNTIL, "what": ["edit", "read_analyze"]}, "Edit, Read & Analyze."),
    Case(Kind.ACCESS_GIVEN, {**ALICE, **SHOP, "what": ["edit"], "groups": ["Analysts", "Interns"]}, "as well: Analysts, Interns."),
    Case(Kind.PASSWORD_RESET, UNTIL, "a new password for the account of cleo@acme.example at"),
    Case(Kind.PASSWORD_CHANGED, {**ALICE, **AT, "what": "changed"}, "It happened on 22 November 2026, 12:00 UTC."),
    Case(Kind.PASSWORD_CHANGED, {**COMMAND_LINE, **AT, "what": "link_made"}, "The operator made a link"),
    Case(Kind.ADDRESS_PROOF, {**UNTIL, "address": "cleo@acme.example"}, "The link works once, until 24 December 2026, 22:05 UTC."),
    Case(Kind.ADDRESS_CHANGED, AT, "The address of your account is not cleo@acme.example any more", path=""),
    Case(Kind.FACTOR_CHANGED, {**FACTOR, "what": "added"}, "The second factor Web was set up for your account."),
    Case(Kind.FACTOR_CHANGED, {**FACTOR, "what": "removed"}, "The second factor Web was removed from your account."),
    Case(Kind.FACTOR_CHANGED, {**FACTOR, "what": "codes"}, "Ten new recovery codes were made for your account."),
    Case(Kind.FACTOR_CHANGED, {**FACTOR, "what": "lost"}, "Alice removed every second factor and every recovery code"),
    Case(Kind.REQUEST_MADE, ASKED, "Dan (dan@elsewhere.example) asks for access to Shop, which you manage."),
    Case(Kind.REQUEST_MADE, {**ASKED, "asker": "dan@elsewhere.example", "days": 1}, "dan@elsewhere.example asks for"),
    Case(Kind.REQUEST_MADE, {**ASKED, "what": [], "reason": "", "days": 21}, "They need it for 21 days."),
    Case(Kind.REQUEST_MADE, {**ASKED, "appoints": True}, "asks for access to Shop, which nobody manages."),
    Case(Kind.REQUEST_ANSWERED, ANSWERED, "You get: Edit, Read & Analyze."),
    Case(Kind.REQUEST_ANSWERED, {**ANSWERED, "invited": True, "until": ""}, "An invitation is sent to you in another mail", "", ""),
    Case(Kind.REQUEST_ANSWERED, {**ANSWERED, "approved": False, "until": ""}, "was refused by those who manage it."),
    Case(Kind.LINK_ASKED, {**LINK, "side": "account"}, "You can agree as an admin of Acme."),
    Case(Kind.LINK_ASKED, {**LINK, "side": "organization", "address": "dan@elsewhere.example"}, "somebody who manages Shop."),
    Case(Kind.LINK_ANSWERED, {**LINK, "approved": True, "answer": ""}, "Shop belongs to the organization Acme now."),
    Case(Kind.LINK_ANSWERED, {**LINK, "approved": False, "answer": "Acme"}, "Shop is not linked to Acme."),
    Case(Kind.RESOURCE_TRASHED, {**ALICE, **UNTIL, "place": "Shop", "reason": "Acme"}, "Alice put Shop, which you manage,"),
    Case(Kind.TEST, {"sender": "Alice"}, "Alice has tried whether this Keyholder can send mail.", path=""),
]
