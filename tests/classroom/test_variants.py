"""The same id gives the same world, for years: what came out once is written down here.

If one of these fails, every notebook that was handed out before shows other keys and claims than the
judge expects. So nothing here is brought up to date: what changed it is taken back.
"""

from __future__ import annotations

import hashlib

import pytest

from jwtlab.classroom.assignments.a2_verify import my_rules
from jwtlab.classroom.assignments.a3_attacks import my_algorithms, my_doors
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.variants import student_id, variant
from jwtlab.errors import UsageError

WORLDS = {
    "alice": {
        "place": "market",
        "thing": "maps",
        "issuer": "https://market597.example",
        "audience": "https://maps.market597.example",
        "subject": "bob-n5m2ug",
        "now": 1782170560,
        "lifetime": 300,
        "secret": "fae70d4611ba3c6e4059725c8fb9e617146d895f4eb791bf577c893c128c723d",
        "kids": ["market-ygx0", "market-0hat"],
        "jti": "u0nkqpf573ce",
        "drawn": "8ur95t",
    },
    "zoë 1": {
        "place": "market",
        "thing": "notes",
        "issuer": "https://market500.example",
        "audience": "https://notes.market500.example",
        "subject": "bob-8wiyhy",
        "now": 1791468448,
        "lifetime": 420,
        "secret": "86fd44212d4a1e1518062b6585c0f2b4dc8e8ba9a859b9a25cdd2935b72185f6",
        "kids": ["market-5960", "market-c0eg"],
        "jti": "uw1ikwmbouvw",
        "drawn": "h6eb0a",
    },
}
KEYS = {
    "alice": ["cG9DkWkpKAIgOz6B3Jh0PKun1S2sUqVNUot3S2VfkTg", "9_Oi0yfcRcmhmt5-Y20BSoqyNM7SFUK-LdGUVkGreFk"],
    "zoë 1": ["0BL9ZoYCE-BilgQcuVQTkuPZQZoheMwP480zmsIv8F0", "yy-B3cCtHw_70uMWrtih333qsb6SKVs5rYgq0EyafD4"],
}
RULES = {
    "alice": {"algorithm": "HS256", "typ": "at+jwt", "leeway": 47, "required": "scope"},
    "zoë 1": {"algorithm": "ES256", "typ": "at+jwt", "leeway": 42, "required": "tenant"},
}
ALGORITHMS = {"alice": ["PS512", "RS512"], "zoë 1": ["HS256", "HS512"]}
DOORS = {
    "alice": [
        ("key_file", "erin-y220bx", "5d14345df8cb"),
        ("key_in_header", "erin-px76ha", "be2d0e9d1357"),
        ("trimmed_late", "erin-lwtp1s", "b1e3273bba61"),
        ("shared_secret", "dave-giveok", "d501f6680c2e"),
        ("without_typ", "dave-hpftt6", "963ba26b57b5"),
    ],
    "zoë 1": [
        ("trimmed_late", "erin-bb9062", "100b5b691e1d"),
        ("shared_secret", "dave-depaml", "b5856753328d"),
        ("without_typ", "erin-ntyt6q", "ef4ea68a4585"),
        ("file_of_kid", "carol-oiwa20", "2114db397865"),
        ("key_setting", "carol-59w9s3", "b7081e18af84"),
    ],
}


def test_a_draw_gives_what_it_gave():
    draw = Draw("a", "b")
    found = [draw.bytes(5).hex(), draw.number(1000), draw.between(5, 9), draw.choice("xyz")]
    found += [draw.shuffled([1, 2, 3, 4, 5]), draw.text(8), draw.number(1), draw.bytes(0)]
    assert found == ["dea60ac38a", 838, 9, "y", [1, 5, 2, 4, 3], "epqpqmkn", 0, b""]


def test_another_seed_gives_another_stream_and_texts_do_not_run_together():
    streams = [Draw(*seed).bytes(16) for seed in (("a", "b"), ("ab",), ("a", "b", ""), ("b", "a"), ("a b",))]
    assert len(set(streams)) == len(streams)


@pytest.mark.parametrize("student", WORLDS)
def test_a_student_has_the_world_of_before(student):
    my = variant(student)
    found = {name: getattr(my, name) for name in ("place", "thing", "issuer", "audience", "subject", "now")}
    found |= {
        "lifetime": my.lifetime,
        "secret": my.secret.hex(),
        "kids": [my.key.kid, my.other_key.kid],
        "jti": my.claims()["jti"],
        "drawn": my.draw("x").text(6),
    }
    assert found == WORLDS[student]
    assert [my.key.thumbprint(), my.other_key.thumbprint()] == KEYS[student]


@pytest.mark.parametrize("student", RULES)
def test_the_rules_of_assignment_2_are_those_of_before(student):
    assert my_rules(variant(student)) == RULES[student]


@pytest.mark.parametrize("student", DOORS)
def test_the_doors_of_assignment_3_are_those_of_before(student):
    """Down to the tokens that were handed out: their bytes, and what is known, as a fingerprint."""
    my, found = variant(student), []
    for door in my_doors(my).values():
        text = "".join([door.token, *door.given, str(door.known)])
        found.append(
            (door.judge.__name__, door.wanted["sub"], hashlib.sha256(text.encode()).hexdigest()[:12])
        )
    assert found == DOORS[student]
    assert my_algorithms(my) == ALGORITHMS[student]


@pytest.mark.parametrize("written", ["ZOË 1", " zoë 1\n", "Zoe\u0308 1"])
def test_an_id_has_one_form(written):
    assert student_id(written) == "zoë 1"
    assert variant(written) == variant("zoë 1")


@pytest.mark.parametrize("written", ["", "  ", None, 7, "x" * 201])
def test_what_is_no_id_is_refused(written):
    with pytest.raises(UsageError):
        variant(written)
