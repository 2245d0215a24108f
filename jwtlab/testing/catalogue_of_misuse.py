"""The forgeries that are true tokens in the wrong place, tokens of two meanings, and no tokens."""

from __future__ import annotations

from jwtlab.testing import faults, forging, misusing
from jwtlab.testing.forgery import Forgery

_PLACE = "A token that Mallory got somewhere else, quite rightly, opens your door as well."
_LIST = "A revoked token comes back in another spelling, if your list keeps tokens and not jti."


def places() -> tuple[Forgery, ...]:
    """For another audience, of another issuer, of another kind."""
    audiences = {
        "other-service": "a token for another service",
        "list": "a token for two other services",
        "longer": "aud begins like yours and goes on",
        "part": "aud is a part of yours",
        "before": "aud ends like yours, after something else",
        "pattern": "aud has other letters where yours has dots",
        "case": "aud is yours in other letters, large for small",
        "empty": "aud is an empty text",
        "nobody": "aud is an empty list",
    }
    issuers = {
        "other": "iss is another issuer",
        "longer": "iss begins like the issuer's and goes on",
        "part": "iss is a part of the issuer's",
        "before": "iss ends like the issuer's, after something else",
        "pattern": "iss has other letters where the issuer's has dots",
        "case": "iss is the issuer's in other letters, large for small",
        "missing": "a token without iss",
    }
    return (
        *(
            Forgery(
                f"wrong-audience:{kind}",
                title,
                _PLACE,
                faults.AUDIENCE,
                misusing.audience(kind),
                misusing.differs(kind),
            )
            for kind, title in audiences.items()
        ),
        Forgery(
            "wrong-audience:missing",
            "a token without aud",
            "A token that is for nobody in particular was not made for you.",
            faults.AUDIENCE,
            misusing.audience("missing"),
        ),
        *(
            Forgery(
                f"wrong-issuer:{kind}",
                title,
                "Where one key set serves several issuers, each of them can speak for all the others.",
                faults.ISSUER,
                misusing.of_issuer(kind),
            )
            for kind, title in issuers.items()
        ),
        *(
            Forgery(
                f"wrong-issuer:{name}",
                f"iss leads to {title}",
                "Whoever looks for keys where the token says lets everybody be the issuer.",
                faults.ISSUER_KEYS,
                forging.own_issuer(f"{address}/{{alg}}/kid={{kid}}"),
            )
            for name, title, address in (
                ("own-keys", "an issuer of Mallory's, with keys of her own", "http://{site}"),
                (
                    "own-keys-prefix",
                    "the same, and begins like the issuer's",
                    "http://{issuer}@{site}",
                ),
            )
        ),
        Forgery(
            "wrong-type:id-token",
            "an ID token in place of an access token",
            "An ID token lies in every browser, and says who logged in, not what somebody may do.",
            faults.AUDIENCE,
            misusing.id_token,
            misusing.id_token_fits,
        ),
        Forgery(
            "wrong-type:access-token",
            "an access token of the same audience",
            "Tokens made for different purposes with one key can be taken for one another.",
            faults.NO_ACCESS_TOKEN,
            misusing.access_token,
            lambda bench: bench.typ is None or bench.typ.lower() == "jwt",
            advice=True,
        ),
        *(
            Forgery(
                f"wrong-type:{name}",
                f"a token of another kind (typ {typ}) with your audience",
                "Tokens made for different purposes with one key can be taken for one another.",
                faults.TYPE,
                misusing.of_type(typ),
                lambda bench: bench.typ is not None and bench.typ.lower() != "jwt",
                advice=True,
            )
            for name, typ in (("jwt", "JWT"), ("logout", "logout+jwt"))
        ),
    )


def readers() -> tuple[Forgery, ...]:
    """What two readers read differently, and what is no token at all."""
    spellings = {
        "padding": ("a signature with padding", misusing.any_token),
        "foreign": ("characters after the signature that are no base64url", misusing.any_token),
        "last-character": ("other spare bits at the end", misusing.with_spare_bits),
        "high-s": ("the twin of an ECDSA signature, n - s for s", misusing.with_twin),
    }
    return (
        Forgery(
            "crit-ignored",
            "a critical condition that you have never heard of",
            "The issuer bound the token to a condition, and it is used without it.",
            faults.CRITICAL,
            misusing.critical,
        ),
        Forgery(
            "crit-ignored:b64",
            "a payload that is not encoded, by b64 and crit",
            "Two readers find two different texts in one token; no JWT may use it.",
            faults.CRITICAL,
            misusing.unencoded,
        ),
        Forgery(
            "polyglot",
            "JSON to one reader, a compact token to another",
            "One library verifies a true token, and another reads forged claims from the same text.",
            faults.SERIALIZATION,
            misusing.polyglot,
        ),
        Forgery(
            "duplicate-claim",
            "one claim, two values",
            "A gateway in front reads the first value, you read the last.",
            faults.UNIQUE,
            misusing.duplicate,
            advice=True,
        ),
        *(
            Forgery(
                f"malleable-token:{name}",
                title,
                _LIST,
                faults.SPELLING,
                misusing.spelling(name),
                fits,
                advice=True,
            )
            for name, (title, fits) in spellings.items()
        ),
        *(
            Forgery(
                f"no-token:{name}",
                f"text that is no token ({name})",
                "What is no token must be refused, and not crash the service.",
                faults.SIGNATURE,
                misusing.garbage(name),
            )
            for name in misusing.GARBAGE
        ),
        *(
            Forgery(
                f"strange-header:{name}",
                f"a header whose {name} is no text",
                "Whoever may choose what crashes you, chooses when.",
                faults.SIGNATURE,
                misusing.strange_header(**{name: value}),
            )
            for name, value in (("kid", {"a": 1}), ("alg", ["none"]), ("typ", 7))
        ),
    )
