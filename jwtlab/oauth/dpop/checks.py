"""What a server asks of a proof (RFC 9449 §4.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jwtlab.checks import Check, NotAsked, Note, Policy, Refusal
from jwtlab.errors import InvalidKey, JwtlabError
from jwtlab.jose import jws, times
from jwtlab.jose.key import Key
from jwtlab.jose.token import Reading, read
from jwtlab.oauth.dpop.nonces import Nonces
from jwtlab.oauth.dpop.proofs import ALGORITHMS, TYPE, address, nameless, token_hash
from jwtlab.oauth.protocol import refuse

LIFETIME = 60
"""Seconds for which a proof is fresh; clocks may differ by as much in the other direction."""


@dataclass(frozen=True)
class ProofCase:
    """A request with its proofs, in front of a server.

    Attributes:
        proofs: every value of the header ``DPoP``.
        method, url: of the request.
        now: seconds since 1970.
        first_use: ``(name) -> bool``: is this name new? It is remembered.
        access_token: what came along, at an API.
        bound_to: the thumbprint that the token or code is bound to, or ``None``.
        nonces: of this server, if it demands one in each proof.
    """

    proofs: tuple[str, ...]
    method: str
    url: str
    now: float
    first_use: Callable[[str], bool]
    access_token: str | None = None
    bound_to: str | None = None
    nonces: Nonces | None = None

    @property
    def text(self) -> str:
        return self.proofs[0] if self.proofs else ""

    @cached_property
    def reading(self) -> Reading:
        return read(self.text)

    @property
    def header(self) -> dict[str, Any]:
        return jws.readable(self.reading.header, "the header")

    @property
    def claims(self) -> dict[str, Any]:
        return jws.readable(self.reading.claims, "the claims")

    @cached_property
    def key(self) -> Key:
        try:
            return Key.from_jwk(self.header.get("jwk", {}))
        except InvalidKey as error:
            raise _refuse(f"its jwk is no key: {error}", "jwk") from error

    @property
    def thumbprint(self) -> str:
        return self.key.thumbprint()


def _refuse(reason: str, claim: str | None = None, **evidence: Any) -> Refusal:
    return refuse("invalid_dpop_proof", f"DPoP proof: {reason}", claim, **evidence)


def one_proof(case: ProofCase) -> str:
    if len(case.proofs) != 1:
        raise _refuse(f"expected one header DPoP, found {len(case.proofs)}", "DPoP")
    return ""


def well_formed(case: ProofCase) -> str:
    if case.reading.faults:
        raise _refuse(case.reading.faults[0].message)
    missing = next((name for name in ("jti", "htm", "htu", "iat") if name not in case.claims), None)
    if missing is not None:
        raise _refuse(f"the claim {missing} is missing", missing)
    return ""


def type_dpop(case: ProofCase) -> str:
    if case.header.get("typ") != TYPE:
        raise _refuse(f"typ is not {TYPE}", "typ", expected=TYPE, found=case.header.get("typ"))
    return ""


def algorithm_asymmetric(case: ProofCase) -> str:
    if case.header.get("alg") not in ALGORITHMS:
        raise _refuse(
            "alg is not one of a key pair", "alg", expected=ALGORITHMS, found=case.header.get("alg")
        )
    return ""


def key_public(case: ProofCase) -> str:
    if case.key.is_private:
        raise _refuse("its jwk is a private key or a secret, which should never travel", "jwk")
    return f"thumbprint {case.thumbprint}"


def signature_fits(case: ProofCase) -> str:
    try:
        jws.verify(case.text, nameless(case.key), algorithms=ALGORITHMS)
    except JwtlabError as error:
        raise _refuse(f"the signature does not belong to the key in the header ({error})") from error
    return ""


def method_matches(case: ProofCase) -> str:
    if case.claims.get("htm") != case.method:
        raise _refuse("htm names another method", "htm", expected=case.method, found=case.claims.get("htm"))
    return ""


def address_matches(case: ProofCase) -> str:
    htu, expected = case.claims.get("htu"), address(case.url)
    if not isinstance(htu, str) or _address(htu) != expected:
        raise _refuse("htu names another address", "htu", expected=expected, found=htu)
    return ""


def _address(url: str) -> str:
    try:
        return address(url)
    except ValueError:
        return ""


def nonce_matches(case: ProofCase) -> Note:
    if case.nonces is None:
        return NotAsked("this server asks for no nonce")
    found = case.claims.get("nonce")
    if not isinstance(found, str) or not case.nonces.fits(found):
        raise refuse(
            "use_dpop_nonce",
            "DPoP proof: make a new one with the nonce from the header DPoP-Nonce, and send the request again",
            "nonce",
            found=found,
        )
    return "one that this server has handed out lately"


def proof_fresh(case: ProofCase) -> str:
    iat = case.claims.get("iat")
    if iat is None or not times.is_numeric_date(iat) or abs(case.now - iat) > LIFETIME:
        raise _refuse(f"iat is not within {LIFETIME} seconds of now", "iat", expected=case.now, found=iat)
    return ""


def token_matches(case: ProofCase) -> str:
    if case.access_token is None:
        return "no access token comes along"
    if case.claims.get("ath") != token_hash(case.access_token):
        raise _refuse("ath belongs to another access token", "ath", found=case.claims.get("ath"))
    return ""


def key_bound(case: ProofCase) -> str:
    if case.bound_to is None:
        return "nothing is bound to a key yet"
    if case.thumbprint != case.bound_to:
        raise _refuse(
            "made with another key than the one the token is bound to",
            "jkt",
            expected=case.bound_to,
            found=case.thumbprint,
        )
    return "the key that the token is bound to"


def proof_unused(case: ProofCase) -> str:
    jti = case.claims.get("jti")
    if not isinstance(jti, str) or not jti or len(jti) > 512:
        raise _refuse("jti is no text of 1 to 512 characters", "jti")
    if not case.first_use(f"{case.thumbprint}:{jti}"):
        raise _refuse("this proof has been used before", "jti", found=jti)
    return ""


def _check(id_: str, title: str, spec: str, run: Callable[[ProofCase], Note], purpose: str) -> Check:
    return Check(id=id_, title=title, spec=spec, run=run, group="DPoP", purpose=purpose)


CHECKS = Policy(
    (
        _check("dpop-one", "There is one proof", "RFC 9449 §4.3", one_proof, "Two proofs are two stories."),
        _check(
            "dpop-form",
            "It is a JWT with the claims of a proof",
            "RFC 9449 §4.2",
            well_formed,
            "What cannot be read cannot be judged.",
        ),
        _check(
            "dpop-type",
            "typ is dpop+jwt",
            "RFC 9449 §4.3",
            type_dpop,
            "Otherwise any other JWT that the key signed passes for a proof.",
        ),
        _check(
            "dpop-algorithm",
            "The algorithm is one of a key pair",
            "RFC 9449 §4.3",
            algorithm_asymmetric,
            "With a shared secret or none, nobody proves anything.",
        ),
        _check(
            "dpop-key",
            "The key in the header is public",
            "RFC 9449 §4.3",
            key_public,
            "A private key that travels belongs to everybody on the way.",
        ),
        _check(
            "dpop-signature",
            "Signed with the key in its header",
            "RFC 9449 §4.3",
            signature_fits,
            "The signature is the proof.",
        ),
        _check(
            "dpop-method",
            "It is for this method",
            "RFC 9449 §4.3",
            method_matches,
            "A proof for reading would serve for deleting.",
        ),
        _check(
            "dpop-address",
            "It is for this address",
            "RFC 9449 §4.3",
            address_matches,
            "A proof for one server would serve at another.",
        ),
        _check(
            "dpop-nonce",
            "It holds the server's nonce",
            "RFC 9449 §4.3",
            nonce_matches,
            "Whoever has the key for a minute signs proofs for next week.",
        ),
        _check(
            "dpop-fresh",
            "It was made just now",
            "RFC 9449 §11.1",
            proof_fresh,
            "A proof that is overheard today would serve tomorrow.",
        ),
        _check(
            "dpop-token",
            "It is for this access token",
            "RFC 9449 §7",
            token_matches,
            "A proof made for one token would serve with a stolen one.",
        ),
        _check(
            "dpop-bound",
            "Its key is the one the token is bound to",
            "RFC 9449 §7.1",
            key_bound,
            "Otherwise a thief brings a key of his own.",
        ),
        _check(
            "dpop-unused",
            "It has not been used before",
            "RFC 9449 §11.1",
            proof_unused,
            "A proof that is overheard would serve again at once.",
        ),
    ),
    "DPoP proof",
)
"""What a server asks of a proof (RFC 9449 §4.3)."""


def examine(case: ProofCase, policy: Policy = CHECKS) -> Any:
    """The `Report`; its value is the thumbprint of the key."""
    return policy.run(case, lambda judged: judged.thumbprint)
