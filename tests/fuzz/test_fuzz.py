"""The fuzz targets, played for a little while; and every input that once found something, for ever.

A night's run is ``python tools/fuzz.py --minutes 480`` (coverage-guided by atheris). What it finds is put into
``corpus/TARGET/`` and is played here in every run.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seeds import _SEEDS, DICTIONARY, seeds
from targets import TARGETS

HERE = Path(__file__).parent

TIMES = int(os.environ.get("JWTLAB_FUZZ", "1"))
CORPUS = sorted((file.parent.name, file.name) for file in (HERE / "corpus").glob("*/*"))
SLOW = {"endpoint-parameters", "headers-and-cookies", "har-file", "progress-file", "people-and-clients-files"}

edits = st.lists(
    st.tuples(
        st.integers(0, 4000),
        st.integers(0, 24),
        st.one_of(st.just(b""), st.binary(max_size=6), st.sampled_from(DICTIONARY)),
    ),
    max_size=4,
)


def edited(octets: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """At a place, so many bytes taken out and these put in."""
    for at, drop, put in changes:
        place = at % (len(octets) + 1)
        octets = octets[:place] + put + octets[place + drop :]
    return octets


def test_every_target_has_seeds():
    assert set(_SEEDS) == set(TARGETS)
    assert {name for name, _ in CORPUS} <= set(TARGETS)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_nothing_breaks_it(name):
    run = TARGETS[name]
    for seed in seeds(name):
        run(seed)

    @settings(
        max_examples=TIMES * (60 if name in SLOW else 250),
        deadline=None,
        derandomize=TIMES == 1,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(st.builds(edited, st.sampled_from(seeds(name)), edits), st.binary(max_size=80)))
    def play(octets):
        run(octets)

    play()


@pytest.mark.parametrize(("name", "file"), CORPUS)
def test_what_was_found_once_stays_mended(name, file):
    TARGETS[name]((HERE / "corpus" / name / file).read_bytes())
