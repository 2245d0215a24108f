"""Judges of a2.3: the signature, by HMAC and by ECDSA."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cryptography.hazmat.primitives.asymmetric import utils

from jwtlab.classroom.assignments.a2_world import (
    NUMBER_OF,
    OTHER_ALGORITHMS,
    good_claims,
    make_token,
    not_everything,
    sign,
    works,
)
from jwtlab.classroom.assignments.asking import Bad, no, yes
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.jose.algorithms import split_signature
from jwtlab.jose.key import Key


def _asked(my: Variant, draw: Draw, alg: str) -> tuple[str, bytes, bytes]:
    """Good arguments: alg, signing input, signature."""
    text = make_token(my, good_claims(my, draw), alg=alg).rpartition(".")[0].encode("ascii")
    return alg, text, sign(my, alg, text)


def signature_of(wanted: str) -> Callable[[Answer, Variant, Draw], None]:
    def test(answer: Answer, my: Variant, draw: Draw) -> None:
        words = f"a good {wanted} signature is refused: which key, which bytes, which hash?"
        yes(answer, [(words, _asked(my, draw, wanted)) for _ in range(4)])
        not_everything(answer, wanted, b"nothing", b"no")

    return test


def signatures_refused(
    make: Callable[[Variant, Draw, str], Iterator[Bad]],
) -> Callable[[Answer, Variant, Draw], None]:
    """Asked of each algorithm that works so far, so that one that is not yet written costs its own points."""

    def test(answer: Answer, my: Variant, draw: Draw) -> None:
        working = [alg for alg in NUMBER_OF if works(answer, _asked(my, draw, alg))]
        if not working:
            raise Wrong("no good signature is accepted so far, and then this test says nothing")
        for alg in working:
            no(answer, make(my, draw, alg), draw, [_asked(my, draw, alg)])

    return test


def changed(my: Variant, draw: Draw, alg: str) -> Iterator[Bad]:
    words = "a signature got through that does not belong to these bytes"
    _, text, signature = _asked(my, draw, alg)
    for _ in range(4):
        place = draw.number(len(signature))
        yield Bad(words, (alg, text, _flip(signature, place, draw)))
        yield Bad(words, (alg, _flip(text, draw.number(len(text)), draw), signature))
    yield Bad(words, (alg, text, _flip(signature, len(signature) - 1, draw)))
    yield Bad(words, (alg, text, _flip(signature, 0, draw)))
    yield Bad(words, (alg, text, _asked(my, draw, alg)[2]))
    yield Bad(words, (alg, b"", signature))
    other: bytes | Key = draw.bytes(32) if alg == "HS256" else my.other_key
    yield Bad("it was made with a key that you do not trust", (alg, text, sign(my, alg, text, other)))
    yield Bad("a blank signature got through", (alg, text, bytes(NUMBER_OF[alg])))


def _flip(octets: bytes, place: int, draw: Draw) -> bytes:
    return octets[:place] + bytes([octets[place] ^ (1 << draw.number(7))]) + octets[place + 1 :]


def length(my: Variant, draw: Draw, alg: str) -> Iterator[Bad]:
    _, text, right = _asked(my, draw, alg)
    words = f"a signature of {alg} has exactly {NUMBER_OF[alg]} bytes"
    others = [b"", right[:1], right[:-1], right[: len(right) // 2], right + b"\0", right + draw.bytes(1)]
    others += [b"\0" + right, right * 2, right[:32] + b"\0" + right[32:], right[1:]]
    if alg == "ES256":
        r, s = split_signature(right)
        others.append(utils.encode_dss_signature(r, s))
    for each in others:
        yield Bad(words, (alg, text, each))


def names(my: Variant, draw: Draw, alg: str) -> Iterator[Bad]:
    _, text, signature = _asked(my, draw, alg)
    words = "an algorithm that you have no key for fits nothing"
    for name in (*OTHER_ALGORITHMS, alg.lower(), f"{alg} ", ""):
        yield Bad(words, (name, text, signature))
        yield Bad(words, (name, text, b""))
    other = next(each for each in NUMBER_OF if each != alg)
    yield Bad("the signature of one algorithm got through for another", (other, text, signature))
