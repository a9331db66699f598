"""The cast of the demo: who can sign in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CastMember:
    """Somebody with a password, and what they are in words."""

    address: str
    name: str
    words: str


OPERATOR = CastMember("operator@acme.example", "Otto Berg", "runs this instance, and holds no permission by it")
ALICE = CastMember("alice@acme.example", "Alice", "administers: begin with her")
BEN = CastMember("ben@acme.example", "Ben", "edits the shop's account, and owns the analysts")
CLEO = CastMember("cleo@acme.example", "Cleo", "reads one view")
DAN = CastMember("dan@acme.example", "Dan", "is outside: known at Acme, without any access")
OLGA = CastMember("olga@acme.example", "Olga", "is an admin of the organization Acme")

CAST = (ALICE, BEN, CLEO, DAN, OLGA, OPERATOR)
