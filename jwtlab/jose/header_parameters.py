"""The registered header parameters, one row each: name, type, section, meaning.

Sources: RFC 7515 §4.1, RFC 7516 §4.1, RFC 7518 §4.6 to §4.8, RFC 7797 §3. The check of types, the rule
about ``crit``, the inspector and the glossary read these rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from jwtlab.jose.json_types import ANYTHING, BOOLEAN, OBJECT, TEXT, TEXTS, WHOLE_NUMBER, JsonType


@dataclass(frozen=True, kw_only=True)
class HeaderParameter:
    """One row.

    Attributes:
        name: as it stands in a header.
        type: what its value may be.
        meaning: what it says, in a phrase.
        spec: where it is defined.
        signed: it belongs to signed tokens (RFC 7515); else to encrypted ones, and is ignored here.
        extension: it is no part of RFC 7515, 7516 or 7518, and counts only if ``crit`` names it.
        explanation: the same for a glossary, in one or two sentences; by default the meaning.
    """

    name: str
    type: JsonType = TEXT
    meaning: str
    spec: str
    signed: bool = True
    extension: bool = False
    explanation: str = field(default="", repr=False)


def _encrypted(name: str, meaning: str, spec: str, type: JsonType = TEXT) -> HeaderParameter:
    return HeaderParameter(name=name, type=type, meaning=meaning, spec=spec, signed=False)


ROWS = (
    HeaderParameter(
        name="alg",
        meaning="the algorithm of the signature; what the sender claims, never what you rely on",
        spec="RFC 7515 §4.1.1",
        explanation="the algorithm with which the token says it was signed. It is the sender's word, so a "
        "verifier compares it with its own list.",
    ),
    HeaderParameter(
        name="typ",
        meaning="the kind of token",
        spec="RFC 7515 §4.1.9",
        explanation="what kind of token this is, such as at+jwt. A verifier that expects one kind refuses the others.",
    ),
    HeaderParameter(
        name="cty",
        meaning="the kind of the content, where a token is wrapped in a token",
        spec="RFC 7515 §4.1.10",
    ),
    HeaderParameter(
        name="kid",
        meaning="a hint which key to use; chosen by the sender, so never trusted",
        spec="RFC 7515 §4.1.4",
        explanation="the name of the key. It chooses among the verifier's own keys, and nothing else.",
    ),
    HeaderParameter(
        name="jku",
        meaning="an address of keys; following it lets the sender bring the key",
        spec="RFC 7515 §4.1.2",
        explanation="an address with keys. Who fetches it lets the attacker choose the key.",
    ),
    HeaderParameter(
        name="jwk",
        type=OBJECT,
        meaning="a key inside the token; using it lets the sender bring the key",
        spec="RFC 7515 §4.1.3",
    ),
    HeaderParameter(
        name="x5u",
        meaning="an address of a certificate; following it lets the sender bring the key",
        spec="RFC 7515 §4.1.5",
    ),
    HeaderParameter(
        name="x5c", type=TEXTS, meaning="a certificate chain inside the token", spec="RFC 7515 §4.1.6"
    ),
    HeaderParameter(name="x5t", meaning="SHA-1 fingerprint of the certificate", spec="RFC 7515 §4.1.7"),
    HeaderParameter(
        name="x5t#S256", meaning="SHA-256 fingerprint of the certificate", spec="RFC 7515 §4.1.8"
    ),
    HeaderParameter(
        name="crit",
        type=TEXTS,
        meaning="names that must be understood, or the token refused",
        spec="RFC 7515 §4.1.11",
        explanation="names of extensions that a verifier has to understand. One that does not refuses the token.",
    ),
    HeaderParameter(
        name="b64",
        type=BOOLEAN,
        meaning="whether the payload is base64url",
        spec="RFC 7797 §3",
        extension=True,
    ),
    _encrypted("enc", "how the content is encrypted (in a JWE)", "RFC 7516 §4.1.2"),
    _encrypted("zip", "compression before encryption (in a JWE)", "RFC 7516 §4.1.3"),
    _encrypted("epk", "the sender's public key for this one message (in a JWE)", "RFC 7518 §4.6.1.1", OBJECT),
    _encrypted("apu", "the sender's name for the key agreement (in a JWE)", "RFC 7518 §4.6.1.2"),
    _encrypted("apv", "the recipient's name for the key agreement (in a JWE)", "RFC 7518 §4.6.1.3"),
    _encrypted(
        "iv", "the starting value that the wrapped key was encrypted with (in a JWE)", "RFC 7518 §4.7.1.1"
    ),
    _encrypted("tag", "the proof that the wrapped key was not changed (in a JWE)", "RFC 7518 §4.7.1.2"),
    _encrypted("p2s", "the salt that goes with a password (in a JWE)", "RFC 7518 §4.8.1.1"),
    _encrypted("p2c", "how often a password is hashed (in a JWE)", "RFC 7518 §4.8.1.2", WHOLE_NUMBER),
)

HEADER_PARAMETERS: Mapping[str, HeaderParameter] = MappingProxyType({row.name: row for row in ROWS})
"""Every registered header parameter, by name."""


def header_parameter(name: str) -> HeaderParameter:
    """The row of a header parameter; for a name that is in none, what can be said of it all the same."""
    if name in HEADER_PARAMETERS:
        return HEADER_PARAMETERS[name]
    meaning = "not registered: means what sender and receiver agreed"
    return HeaderParameter(name=name, type=ANYTHING, meaning=meaning, spec="RFC 7515 §4.3")
