"""A passkey in software: it makes a credential and proves it, as a browser with a security key would (WebAuthn)."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

ORIGIN = "http://127.0.0.1:8000"
FLAG = AuthenticatorData.FLAG
NOWHERE = bytes(16)
"""The kind of device, which is not told."""


@dataclass
class SoftwareKey:
    """One credential; ``count`` is how often it was used, ``seen`` whether it saw who unlocked it."""

    credential: bytes = b"a credential"
    count: int = 0
    seen: bool = True
    origin: str = ORIGIN
    rp: str = "127.0.0.1"
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, options: str) -> str:
        """Answer a browser that is to make a passkey."""
        data = AttestedCredentialData.create(NOWHERE, self.credential, ES256.from_cryptography_key(self.private.public_key()))  # type: ignore[no-untyped-call]  # the library forgot its types
        auth = AuthenticatorData.create(self._rp(), self._flags() | FLAG.AT, self.count, bytes(data))
        attestation = AttestationObject.create("none", auth, {})
        return self._answer(clientDataJSON=self._client(CollectedClientData.TYPE.CREATE, options), attestationObject=bytes(attestation))

    def empty(self, options: str) -> str:
        """Answer a browser that is to make a passkey without making one."""
        attestation = AttestationObject.create("none", AuthenticatorData.create(self._rp(), self._flags(), 0), {})
        return self._answer(clientDataJSON=self._client(CollectedClientData.TYPE.CREATE, options), attestationObject=bytes(attestation))

    def proven(self, options: str) -> str:
        """Answer a browser that is to prove one."""
        auth = AuthenticatorData.create(self._rp(), self._flags(), self.count)
        client = self._client(CollectedClientData.TYPE.GET, options)
        signature = self.private.sign(bytes(auth) + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=bytes(auth), signature=signature)

    def _rp(self) -> bytes:
        return sha256(self.rp.encode()).digest()

    def _flags(self) -> AuthenticatorData.FLAG:
        return FLAG.UP | FLAG.UV if self.seen else FLAG.UP

    def _client(self, kind: str, options: str) -> bytes:
        return bytes(CollectedClientData.create(kind, json.loads(options)["challenge"], self.origin))

    def _answer(self, **response: bytes) -> str:
        name = websafe_encode(self.credential)
        encoded: dict[str, Any] = {key: websafe_encode(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": encoded})
