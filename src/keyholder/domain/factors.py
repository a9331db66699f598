"""Second factors: what there is beside a password."""

from enum import StrEnum


class Kind(StrEnum):
    """What a second factor is."""

    AUTHENTICATOR = "authenticator"
    PASSKEY = "passkey"
