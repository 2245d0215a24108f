"""Every forgery, in one visible tuple: what is sent, why it matters, which check is missing."""

from __future__ import annotations

from collections.abc import Callable

from jwtlab.testing import faults, forging, misusing
from jwtlab.testing.catalogue_of_misuse import places, readers
from jwtlab.testing.forgery import Bench, Forgery, with_ecdsa, with_key_pair, with_secret

_ANYBODY = "Whoever can write JSON logs in as whoever they like: no key is needed."
_OWN_KEY = "Mallory signs with a key of her own, and is whoever she likes."
_PUBLIC = "The public key is public: with it everybody makes tokens that you take for the issuer's."
_STOLEN = "A token that leaked once, in a log or a backup, opens the door for ever."
_FILE = "Whoever knows one file on your server, even an empty one, makes tokens that you accept."


def _signature() -> tuple[Forgery, ...]:
    none = "alg {} in the header, and no signature"
    return (
        Forgery(
            "unverified", "claims changed, old signature kept", _ANYBODY, faults.SIGNATURE, forging.tampered
        ),
        Forgery(
            "signature-stripped",
            "claims changed, signature cut off",
            _ANYBODY,
            faults.SIGNATURE,
            forging.stripped,
        ),
        Forgery(
            "signature-stripped:two-parts",
            "claims changed, signature and its dot cut off",
            _ANYBODY,
            faults.SIGNATURE,
            forging.without_last_dot,
        ),
        *(
            Forgery(
                f"alg-none:{each}", none.format(repr(each)), _ANYBODY, faults.ALGORITHM, forging.none(each)
            )
            for each in ("none", "None", "NONE", "nOnE")
        ),
        Forgery(
            "other-key",
            "signed with another key, under the issuer's kid",
            _OWN_KEY,
            faults.SIGNATURE,
            forging.other_key,
        ),
        Forgery(
            "other-key:no-kid",
            "signed with another key, without a kid",
            _OWN_KEY,
            faults.SIGNATURE,
            forging.other_key_without_name,
        ),
        *(
            Forgery(
                f"psychic-signature:{form}",
                f"an ECDSA signature of zeros ({form})",
                _ANYBODY,
                faults.SIGNATURE,
                forging.psychic(form),
                with_ecdsa,
            )
            for form in ("raw", "der")
        ),
    )


def _seen_before() -> tuple[Forgery, ...]:
    """For whoever keeps answers, and finds them by a part of the token; and for whoever cannot ask."""
    kept = "An answer that was kept for a good token is given to a forged one."
    known = {
        "signature": ("other claims under a signature that you have accepted", forging.known_signature),
        "claims": ("claims that you have accepted, with another signature", forging.known_claims),
        "jti": ("other claims under a jti that you have accepted", forging.known_jti),
    }
    return (
        *(
            Forgery(
                f"remembered:{name}",
                title,
                kept,
                faults.REMEMBERED,
                lambda bench, after=after: after(bench.good(), bench),  # type: ignore[misc]
                after=after,
            )
            for name, (title, after) in known.items()
        ),
        Forgery(
            "issuer-down",
            "signed with another key, while the issuer does not answer",
            "Whoever can make your issuer slow, or cut you off from it, makes tokens that you accept.",
            faults.FAIL_CLOSED,
            forging.of_nobody,
            with_key_pair,
            while_down=True,
        ),
    )


def _is_rsa(bench: Bench) -> bool:
    return bench.alg[:2] in ("RS", "PS")


def _keys() -> tuple[Forgery, ...]:
    forms = {
        "pem": "PEM",
        "pem-no-newline": "PEM without its last newline",
        "pem-crlf": "PEM with the line ends of Windows",
        "pkcs1": "PEM of PKCS #1",
        "der": "DER",
        "base64": "the base64 of PEM without its frame",
        "jwk": "the JWK as text",
    }
    near = {
        "any-address": ("an address of Mallory's", "http://{site}/jwks.json/{alg}"),
        "prefix": ("an address that begins like the issuer's", "http://{issuer}@{site}/jwks.json/{alg}"),
        "part": (
            "an address in which the issuer's stands as well",
            "http://{site}/jwks.json/{alg}?like=http://{issuer}/jwks",
        ),
        "known-kid": (
            "an address of Mallory's, where a key bears the issuer's kid",
            "http://{site}/jwks.json/{alg}?kid={kid}",
        ),
    }
    return (
        *(
            Forgery(
                f"key-confusion:{form}",
                f"HS256 with your public key as the secret ({title})",
                _PUBLIC,
                faults.ALGORITHM,
                forging.public_key_as_secret(form),
                _is_rsa if form == "pkcs1" else with_key_pair,
            )
            for form, title in forms.items()
        ),
        Forgery(
            "weak-secret:dictionary",
            "your secret stands in a list of words",
            "Whoever has one token guesses the secret at home, a million words a second, and signs from then on.",
            faults.SECRET,
            forging.guessed_secret,
            with_secret,
        ),
        Forgery(
            "weak-secret:short",
            "your secret is shorter than the hash",
            "A short secret can be guessed at home, and nobody notices.",
            faults.SECRET,
            forging.short_secret,
            forging.is_short,
            advice=True,
        ),
        Forgery(
            "empty-secret",
            "HS256 with no secret at all",
            "A setting that nobody set becomes a secret that everybody knows.",
            faults.SECRET,
            forging.empty_secret,
        ),
        Forgery(
            "embedded-jwk", "the token brings its own key", _OWN_KEY, faults.KEY_SOURCE, forging.embedded_jwk
        ),
        Forgery(
            "embedded-jwk:known-kid",
            "the token brings its own key, under the issuer's kid",
            _OWN_KEY,
            faults.KEY_SOURCE,
            forging.embedded_jwk_under_known_name,
        ),
        *(
            Forgery(
                f"jku-spoof:{name}", f"jku names {title}", _OWN_KEY, faults.KEY_SOURCE, forging.jku(address)
            )
            for name, (title, address) in near.items()
        ),
        Forgery(
            "x5u-spoof",
            "x5u names a certificate on Mallory's site",
            _OWN_KEY,
            faults.KEY_SOURCE,
            forging.x5u,
            with_key_pair,
        ),
        Forgery(
            "x5c",
            "the token brings a certificate that Mallory gave herself",
            _OWN_KEY,
            faults.KEY_SOURCE,
            forging.x5c,
            with_key_pair,
        ),
        Forgery(
            "x5c:known-kid",
            "the same, under the issuer's kid",
            _OWN_KEY,
            faults.KEY_SOURCE,
            forging.x5c_under_known_name,
            with_key_pair,
        ),
        *_names(),
    )


def _names() -> tuple[Forgery, ...]:
    """kid as a path, and as a piece of SQL."""
    paths: dict[str, tuple[str, str, Callable[[Bench], bool]]] = {
        "dev-null": ("/dev/null", "the empty /dev/null", forging.has_dev_null),
        "known-file": (str(forging.KNOWN_FILE), "a file that every Linux has", forging.has_known_file),
        "uploaded": ("uploaded", "a file that Mallory uploaded", forging.has_dev_null),
        "absolute": ("absolute", "the same file, from the root on", forging.has_dev_null),
    }
    return (
        *(
            Forgery(
                f"kid-path-traversal:{name}", f"kid is the path of {title}", _FILE, faults.KEY_NAME,
                forging.kid_path(kid), fits,
            )
            for name, (kid, title, fits) in paths.items()
        ),
        *(
            Forgery(
                f"kid-sql-injection:{name}",
                f"kid is a piece of SQL, in {name} quotes",
                "Mallory's text ends your query early and adds a row of her own: her key.",
                faults.KEY_NAME,
                forging.kid_sql(quote),
            )
            for name, quote in (("single", "'"), ("double", '"'))
        ),
    )  # fmt: skip


def _time() -> tuple[Forgery, ...]:
    return (
        *(
            Forgery(f"expired:{name}", title, _STOLEN, faults.EXPIRED, misusing.expired(seconds))
            for name, title, seconds in (
                ("last-year", "a token that expired last year", 365 * misusing.DAY),
                ("yesterday", "a token that expired yesterday", misusing.DAY),
            )
        ),
        Forgery(
            "expired:hour",
            "a token that expired an hour ago",
            "A leeway is for clocks that differ by seconds; this one doubles the life of every stolen token.",
            faults.EXPIRED,
            misusing.expired(3590),
        ),
        Forgery(
            "expired:ten-minutes",
            "a token that expired ten minutes ago",
            "A leeway is for clocks that differ, a few minutes at most; this one keeps stolen tokens alive.",
            faults.EXPIRED,
            misusing.expired(600),
        ),
        Forgery(
            "expired:zero",
            "exp is 0, which is 1970",
            "Whoever asks \"is there an exp?\" by its truth takes 0 for none.",
            faults.EXPIRED,
            misusing.exp_of("zero"),
        ),
        Forgery(
            "expired:fraction",
            "a token that expired yesterday, to the tenth of a second",
            "A date may have a fraction; what is no whole number must not go unread.",
            faults.EXPIRED,
            misusing.exp_of("fraction"),
        ),
        Forgery(
            "expired:missing",
            "a token without exp",
            "A token that the issuer forgot to limit is good for ever.",
            faults.NO_EXPIRY,
            misusing.exp_of("missing"),
            advice=True,
        ),
        Forgery(
            "expired:milliseconds",
            "exp counts milliseconds, so it lies beyond the year 50000",
            "One issuer's mistake makes tokens that never expire.",
            faults.DATES,
            misusing.exp_of("milliseconds"),
            advice=True,
        ),
        Forgery(
            "expired:text",
            "exp is a text",
            "What is no number is compared by luck; another library of yours may read it differently.",
            faults.DATES,
            misusing.exp_of("text"),
            advice=True,
        ),
        Forgery(
            "not-yet-valid",
            "a token for tomorrow",
            "Rights that begin tomorrow are used today.",
            faults.NOT_YET,
            misusing.not_yet(misusing.DAY),
        ),
        Forgery(
            "not-yet-valid:hour",
            "a token for in an hour",
            "Rights that begin later are used now.",
            faults.NOT_YET,
            misusing.not_yet(3600),
        ),
        Forgery(
            "replayed",
            "a token of single use, used twice",
            "Whoever overhears a link for one login uses it once more.",
            faults.REPLAY,
            misusing.used_before,
            single_use=True,
        ),
    )  # fmt: skip


FORGERIES: tuple[Forgery, ...] = (*_signature(), *_seen_before(), *_keys(), *_time(), *places(), *readers())
"""Every forgery of a token. An id never changes its meaning."""


def fitting(bench: Bench, *, single_use: bool = False) -> tuple[Forgery, ...]:
    """The forgeries that make sense at this bench."""
    return tuple(each for each in FORGERIES if each.fits(bench) and (single_use or not each.single_use))
