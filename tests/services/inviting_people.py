"""What tests about invitations share: inviting somebody and opening the link, the moments around its end, a mail server."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.invitations import Link, Way
from keyholder.services.caller import Caller
from keyholder.services.commands import accepting, inviting
from keyholder.services.commands.accepting import Accepted
from keyholder.services.commands.inviting import Invited, Wish
from keyholder.services.invitation_links import opened
from keyholder.services.offers import offers_of
from keyholder.storage import blueprints
from keyholder.storage.models import Invitation, MailSettings, User
from tests.cast import NOW, Cast, caller

PASSWORD = "correct horse battery staple"
EVE = "eve@else.example"
WEEK = timedelta(days=7)
READ = Wish(["read_analyze"])
_numbers = count(1)


def random() -> bytes:
    """Return 32 bytes that no other call returns: the door's randomness, without chance."""
    return next(_numbers).to_bytes(32)


def nobody(at: datetime = NOW) -> Caller:
    """Return somebody who is not signed in, as the console makes them."""
    return Caller(None, at, Channel.CONSOLE, address="192.0.2.7")


def invite(
    cast: Cast,
    address: str = EVE,
    *,
    by: PrincipalId | None = None,
    on: ResourceId | None = None,
    wish: Wish = READ,
    at: datetime = NOW,
) -> Invited:
    """Let Alice, or somebody else, invite one address."""
    who = caller(cast.alice if by is None else by, at)
    (sent,) = inviting.invite(by=who, at=on or cast.view, addresses=[address], random=[random()], wish=wish)
    return sent


def link_of(sent: Invited) -> Link:
    """Open the copied link."""
    return opened(by=nobody(), secret=sent.secret)


def mailed_link_of(sent: Invited) -> Link:
    """Return the link that stands in the newest letter."""
    return Link(sent.invitation, row(sent).generation, Way.MAILED)


def row(sent: Invited) -> Invitation:
    """Return the row of an invitation."""
    return Invitation.objects.select_related("account").get(pk=sent.invitation)


def seen(link: Link, person: PrincipalId | None = None, at: datetime = NOW) -> str:
    """Return what somebody is shown who opens a link: its fingerprint."""
    known = User.objects.filter(pk=person).first()
    verified = known.email_verified if known else link.way is Way.MAILED
    invitation = Invitation.objects.select_related("account").get(pk=link.invitation)
    return offers_of(blueprints.catalogue(), invitation, at, person=person, verified=verified).fingerprint


def accept(link: Link, person: PrincipalId, at: datetime = NOW) -> Accepted:
    """Accept what is shown at that moment, as somebody who is signed in."""
    return accepting.accept(by=caller(person, at), link=link, seen=seen(link, person, at))


def come(link: Link, at: datetime = NOW, *, name: str = "Eve") -> Accepted:
    """Accept what is shown at that moment as somebody new, or prove the mailbox of somebody who is there."""
    there = User.objects.filter(canonical=Invitation.objects.get(pk=link.invitation).canonical).first()
    shown = offers_of(
        blueprints.catalogue(),
        Invitation.objects.select_related("account").get(pk=link.invitation),
        at,
        person=PrincipalId(there.pk) if there else None,
        verified=link.way is Way.MAILED,
    ).fingerprint
    return accepting.accept_with_password(by=nobody(at), link=link, seen=shown, name=name, password=PASSWORD)


def person_of(accepted: Accepted) -> PrincipalId:
    """Return who has accepted."""
    assert accepted.person is not None
    return accepted.person


def set_mail_up() -> None:
    """Set a mail server up, so that letters are posted."""
    MailSettings.objects.create(host="mail.example", port=25, security="none", sender="keyholder@acme.example")


def addresses(number: int) -> Sequence[str]:
    """Return that many addresses."""
    return [f"somebody{one}@else.example" for one in range(number)]
