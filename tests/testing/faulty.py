"""Verifiers with one fault each, as they are found in public code. Do not copy from here.

Each is made by ``(issuer) -> verify``; beside it stand the forgeries that get in, and no other.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time

import httpx
import joserfc.jwk
import joserfc.jws
import jwt
import sound

AUDIENCE = sound.AUDIENCE
CLIENT = httpx.Client(verify=False, limits=httpx.Limits(max_keepalive_connections=0))
SIGNED = {"verify_aud": False, "verify_iss": False, "verify_exp": False, "verify_nbf": False}


class Refused(Exception):
    """What these verifiers say no with."""


def need(condition):
    if not condition:
        raise Refused("no")


def by_questions(**questions):
    """A verifier that asks for the signature with PyJWT, and for each claim as somebody wrote it by hand."""

    def make(issuer):
        keys = jwt.PyJWKClient(issuer.jwks_uri)
        asked = {
            "iss": lambda value: value == issuer.issuer,
            "aud": lambda value: AUDIENCE in (value if isinstance(value, list) else [value]),
            "exp": lambda value: float(value) > time.time(),
            "nbf": lambda value: value is None or float(value) <= time.time(),
        } | {name: ask(issuer) for name, ask in questions.items()}

        def verify(token):
            key = keys.get_signing_key_from_jwt(token)
            claims = jwt.decode(token, key, algorithms=["RS256"], options=SIGNED)
            for name, ask in asked.items():
                need(ask(claims.get(name)))
            return claims

        return verify

    return make


def _texts(value):
    return [str(each) for each in (value if isinstance(value, list) else [value])]


# Claims compared by luck


nbf_ignored = by_questions(nbf=lambda issuer: lambda value: True)
aud_as_part = by_questions(aud=lambda issuer: lambda value: AUDIENCE in str(value))
aud_by_prefix = by_questions(
    aud=lambda issuer: lambda value: any(each.startswith(AUDIENCE) for each in _texts(value))
)
aud_within_ours = by_questions(
    aud=lambda issuer: lambda value: any(each in AUDIENCE for each in _texts(value)) and value != ""
)
aud_by_ending = by_questions(
    aud=lambda issuer: lambda value: any(each.endswith(AUDIENCE) for each in _texts(value))
)
aud_in_any_case = by_questions(
    aud=lambda issuer: lambda value: AUDIENCE in [each.lower() for each in _texts(value)]
)
aud_by_pattern = by_questions(
    aud=lambda issuer: lambda value: any(re.fullmatch(AUDIENCE, each) for each in _texts(value))
)
aud_if_there = by_questions(aud=lambda issuer: lambda value: not value or AUDIENCE in _texts(value))
iss_in_any_case = by_questions(iss=lambda issuer: lambda value: str(value).lower() == issuer.issuer)
iss_by_prefix = by_questions(iss=lambda issuer: lambda value: str(value).startswith(issuer.issuer))
iss_by_pattern = by_questions(iss=lambda issuer: lambda value: re.match(issuer.issuer + "$", str(value)))
leeway_of_an_hour = by_questions(exp=lambda issuer: lambda value: float(value) > time.time() - 3600)
exp_if_true = by_questions(exp=lambda issuer: lambda value: not value or float(value) > time.time())
exp_if_whole = by_questions(
    exp=lambda issuer: lambda value: not isinstance(value, int) or value > time.time()
)


# Keys that the token chooses


def fetches_jku(issuer):
    """Any kid will do: where its key is, says the token."""

    def verify(token):
        where = jwt.get_unverified_header(token).get("jku", issuer.jwks_uri)
        key = jwt.PyJWKClient(where).get_signing_key_from_jwt(token)
        return jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=issuer.issuer)

    return verify


def jku_that_looks_right(issuer):
    """The issuer's address has to stand in it, somewhere."""

    def verify(token):
        where = jwt.get_unverified_header(token).get("jku", issuer.jwks_uri)
        need(issuer.jwks_uri in where)
        key = jwt.PyJWKClient(where).get_signing_key_from_jwt(token)
        return jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=issuer.issuer)

    return verify


def jwk_under_a_known_name(issuer):
    """kid is looked for among the issuer's; then the key beside it is taken."""

    def verify(token):
        header = jwt.get_unverified_header(token)
        own = {each["kid"]: each for each in issuer.jwks()["keys"]}
        need(header.get("kid") in own)
        key = jwt.PyJWK(header.get("jwk", own[header["kid"]]), algorithm="RS256")
        return jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=issuer.issuer)

    return verify


def certificate_under_a_known_name(issuer):
    """The same with x5c."""

    def verify(token):
        header = jwt.get_unverified_header(token)
        own = {each["kid"]: each for each in issuer.jwks()["keys"]}
        need(header.get("kid") in own)
        key = jwt.PyJWK(own[header["kid"]], algorithm="RS256").key
        if "x5c" in header:
            from cryptography.x509 import load_der_x509_certificate

            key = load_der_x509_certificate(base64.b64decode(header["x5c"][0])).public_key()
        return jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=issuer.issuer)

    return verify


def keys_where_iss_says(issuer):
    """One service for many issuers: whoever the token names, is asked for keys."""

    def verify(token):
        iss = jwt.decode(token, options={"verify_signature": False})["iss"]
        where = CLIENT.get(f"{iss}/.well-known/openid-configuration").json()["jwks_uri"]
        key = jwt.PyJWKClient(where).get_signing_key_from_jwt(token)
        return jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=iss)

    return verify


def same_kid_of_anybody(issuer):
    """Keys of several issuers in one drawer, by kid; iss only has to be one of theirs."""
    other = joserfc.jwk.RSAKey.generate_key(2048)
    drawer = {
        each["kid"]: [jwt.PyJWK(each, algorithm="RS256"), jwt.PyJWK(other.as_dict(), algorithm="RS256")]
        for each in issuer.jwks()["keys"]
    }

    def verify(token):
        for key in drawer[jwt.get_unverified_header(token)["kid"]]:
            try:
                claims = jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE)
            except jwt.InvalidSignatureError:
                continue
            need(claims["iss"] in (issuer.issuer, "https://mallory.example"))
            return claims
        raise Refused("no key")

    return verify


# What is read, and what is passed over


def _parts(token):
    header, payload, signature = token.split(".")
    octets = [base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)) for each in (header, payload)]
    return [*map(json.loads, octets), f"{header}.{payload}".encode(), signature]


def public_pem_as_secret(issuer):
    """The algorithm comes from the token, the key is one text for all of them."""
    right = sound.by_pyjwt(issuer)
    pem = issuer.key.public().to_pem()

    def verify(token):
        header, claims, text, signature = _parts(token)
        if header.get("alg") != "HS256":
            return right(token)
        mac = base64.urlsafe_b64encode(hmac.digest(pem, text, hashlib.sha256)).decode().rstrip("=")
        need(hmac.compare_digest(mac, signature))
        return claims

    return verify


def crit_ignored(issuer, but=()):
    keys = joserfc.jwk.KeySet.import_key_set(issuer.jwks())

    def verify(token):
        header, claims, text, signature = _parts(token)
        need(header.get("alg") == "RS256" and not set(header.get("crit", [])) & set(but))
        key = next(key for key in keys if key.kid == header["kid"])
        raw = base64.urlsafe_b64decode(signature + "==")
        need(joserfc.jws.JWSRegistry.algorithms["RS256"].verify(text, raw, key))
        need(claims["iss"] == issuer.issuer and claims["exp"] > time.time())
        need(AUDIENCE in _texts(claims.get("aud")) and claims.get("nbf", 0) <= time.time())
        return claims

    return verify


def b64_passed_over(issuer):
    """It refuses what is critical, except the one name that it believes it understands."""
    right, careless = sound.by_pyjwt(issuer), crit_ignored(issuer)

    def verify(token):
        critical = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "==")).get("crit")
        return careless(token) if critical == ["b64"] else right(token)

    return verify


def id_tokens_too(issuer):
    """The application's own name is an audience as well, so what its browser holds opens the API."""
    keys = jwt.PyJWKClient(issuer.jwks_uri)

    def verify(token):
        return jwt.decode(
            token,
            keys.get_signing_key_from_jwt(token),
            algorithms=["RS256"],
            audience=[AUDIENCE, issuer.client_id],
            issuer=issuer.issuer,
        )

    return verify


def file_beside_the_others(issuer):
    """kid is a file's name; dots are refused, a path from the root on is not."""
    import pathlib
    import tempfile

    room = pathlib.Path(tempfile.mkdtemp())
    for each in issuer.jwks()["keys"]:
        (room / each["kid"]).write_text(sound.pem_of(each))

    def verify(token):
        name = jwt.get_unverified_header(token)["kid"]
        need(".." not in name)
        key = (room / name).read_text()
        return jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=issuer.issuer)

    return verify


FAULTY = [
    (nbf_ignored, {"not-yet-valid", "not-yet-valid:hour"}),
    (aud_as_part, {"wrong-audience:longer", "wrong-audience:before"}),
    (aud_by_prefix, {"wrong-audience:longer"}),
    (aud_within_ours, {"wrong-audience:part"}),
    (aud_by_ending, {"wrong-audience:before"}),
    (aud_in_any_case, {"wrong-audience:case"}),
    (aud_by_pattern, {"wrong-audience:pattern"}),
    (aud_if_there, {f"wrong-audience:{each}" for each in ("missing", "empty", "nobody")}),
    (iss_in_any_case, {"wrong-issuer:case"}),
    (iss_by_prefix, {"wrong-issuer:longer"}),
    (iss_by_pattern, {"wrong-issuer:pattern"}),
    (leeway_of_an_hour, {"expired:hour", "expired:ten-minutes"}),
    (exp_if_true, {"expired:zero"}),
    (exp_if_whole, {"expired:fraction"}),
    (fetches_jku, {f"jku-spoof:{each}" for each in ("any-address", "part", "known-kid")}),
    (jku_that_looks_right, {"jku-spoof:part"}),
    (jwk_under_a_known_name, {"embedded-jwk:known-kid"}),
    (certificate_under_a_known_name, {"x5c:known-kid"}),
    (keys_where_iss_says, {f"wrong-issuer:{each}" for each in ("own-keys", "own-keys-prefix", "case")}),
    (same_kid_of_anybody, {"wrong-issuer:other"}),
    (public_pem_as_secret, {"key-confusion:pem"}),
    (crit_ignored, {"crit-ignored", "crit-ignored:b64"}),
    (b64_passed_over, {"crit-ignored:b64"}),
    (id_tokens_too, {"wrong-type:id-token"}),
    (file_beside_the_others, {"kid-path-traversal:absolute"}),
]
