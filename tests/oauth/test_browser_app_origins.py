"""The single-page application of lesson 42: what the lesson says of its table holds for every combination."""

from __future__ import annotations

import pytest

from jwtlab import UsageError
from jwtlab.oauth.browser_app import ATTACKS, DEFENCES, DESIGNS, PlayedCase, cases, play, prepare, table
from jwtlab.oauth.browser_app.catalogue import defence_sets

ALL = frozenset(each.id for each in DEFENCES)


def outcomes(design, attack):
    return {up: str(play(PlayedCase(design, attack, up))) for up in defence_sets(1)}


def test_every_combination_is_a_case():
    assert len(list(cases())) == len(DESIGNS) * len(ATTACKS) * 2 ** len(DEFENCES)
    assert len(list(cases(["backend"], most=1))) == len(ATTACKS) * (len(DEFENCES) + 2)


@pytest.mark.parametrize("design", ["local-storage", "memory", "service-worker", "bound-key"])
def test_where_the_page_is_the_client_only_csp_changes_anything(design):
    """Nothing has a cookie there; and a script in a library is the page's own for CSP, too."""
    for attack in ATTACKS:
        found = outcomes(design, attack.name)
        nothing = found.pop(frozenset())
        stopped = {up for up, said in found.items() if said != nothing}
        worked = attack.entry == "note" and nothing != "stopped"
        assert stopped == ({frozenset({"csp"}), ALL} if worked else set()), attack.name


TAKEN_HOME = {
    "local-storage": {"what-is-kept", "what-passes", "a-new-login"},
    "memory": {"what-passes", "a-new-login"},
    "service-worker": {"a-new-login"},
    "bound-key": {"a-new-login"},
    "backend": set(),
}


@pytest.mark.parametrize("design", TAKEN_HOME)
def test_what_a_script_takes_home(design):
    up = frozenset({"http-only"})
    found = {each.id for each in ATTACKS if each.entry and play(PlayedCase(design, each.name, up)).at_home}
    assert found == TAKEN_HOME[design]


@pytest.mark.parametrize("design", TAKEN_HOME)
def test_a_script_that_is_in_acts_as_long_as_the_page_is_open(design):
    outcome = play(PlayedCase(design, "through-the-page by library", ALL))
    assert (outcome.in_page, outcome.wrote, outcome.at_home) == (True, True, False)


STOPPED_BY = {
    "what-is-kept by note": {"http-only", "csp"},
    "what-is-kept by library": {"http-only"},
    "through-the-page by note": {"csp"},
    "through-the-page by library": set(),
    "form-from-elsewhere": {"same-site", "csrf-token"},
    "form-from-a-sibling": {"csrf-token"},
    "read-from-elsewhere": {"same-site", "cors"},
}


@pytest.mark.parametrize("attack", STOPPED_BY)
def test_what_stops_an_attack_on_the_backend(attack):
    """In every combination: it is stopped if, and only if, one of these is up."""
    for case in cases(["backend"]):
        if case.attack == attack:
            assert play(case).stopped is bool(case.defences & STOPPED_BY[attack]), case


def test_table_is_played_and_not_written_down(monkeypatch):
    rows = table(["backend"], most=0)
    assert [str(each) for each in rows.values()].count("stopped") > len(ATTACKS)
    found = prepare(PlayedCase("backend", "form-from-elsewhere"))
    found.stage.app.forget = lambda: None
    assert str(found.run()) == "written"
    assert found.trace[-1].request.method


def test_unknown_names_are_told():
    for wrong in ({"design": "cloud"}, {"attack": "magic"}, {"defences": frozenset({"luck"})}):
        with pytest.raises(UsageError, match="there are: "):
            PlayedCase(**{"design": "memory", "attack": "form-from-elsewhere", **wrong})


def test_application_that_does_not_work_is_no_defence():
    broken = prepare(PlayedCase("backend", "through-the-page by note"))
    broken.stage.api.app.before_request(lambda: ("gone", 500))
    with pytest.raises(RuntimeError, match="shows no notes"):
        broken.run()
