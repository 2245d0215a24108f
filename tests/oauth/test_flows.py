"""Every flow: it runs, is the same each time, can be exported, and survives whatever a learner does to it."""

import hmac
import json
import logging

import pytest
from short_form import few

from jwtlab import Lab, UsageError
from jwtlab.oauth import FLOWS, Flow

PARTIES = {"implicit": {"response_type": "id_token token"}, "passwordless": {"method": "code"}}
VARIANTS = [
    *((id, {}) for id in FLOWS),
    *PARTIES.items(),
    *(("hybrid", {"response_type": each}) for each in ("code token", "code id_token token")),
    ("client-credentials", {"client_id": "crm-sync"}),
    ("authorization-code", {"user": "bob"}),
    ("custom", {"user": "alice"}),
]


def name(value):
    return "-".join(value.values()).replace(" ", "+") if isinstance(value, dict) else value


def test_every_flow_of_the_lessons_is_there():
    assert set(FLOWS) == {
        *(
            "bearer",
            "client-credentials",
            "jwt-bearer",
            "refresh",
            "authorization-code",
            "implicit",
            "hybrid",
        ),
        *(
            "openid-connect",
            "single-sign-on",
            "passwordless",
            "custom",
            "device",
            "token-exchange",
            "server-side",
            "par",
            "dpop",
        ),
    }


@pytest.mark.parametrize(("id", "options"), VARIANTS, ids=name)
def test_flow_runs_to_its_end(id, options):
    lab = Lab()
    flow = lab.flow(id, **options).run()
    assert isinstance(flow, Flow)
    assert flow.done
    assert not flow.stopped
    assert flow.outcome.status == 200
    assert lab.trace is flow.trace


REFUSALS = {
    "bearer": {"not-expired"},
    "refresh": {"not-expired"},
    "custom": {"role-permits", "owner-matches"},
    "device": {"device-answered", "device-confirmed"},
    "passwordless": {"link-pressed"},
}
"""What is refused on the way, because the lesson wants it seen."""


@pytest.mark.parametrize("id", FLOWS)
def test_nothing_is_refused_but_what_the_flow_shows(id):
    flow = Lab().flow(id).run()
    assert {check for exchange in flow.trace for check in exchange.refused_by} == REFUSALS.get(id, set())


@pytest.mark.parametrize("id", FLOWS)
def test_every_message_to_a_server_of_the_lab_is_checked(id):
    unchecked = (
        "/jwks",
        "/.well-known",
        "/login",
        "/notes",
        "/",
        "/refresh",
        "/logout",
        "/team",
        "/device",
        "/callback",
    )
    for exchange in Lab().flow(id).run().trace:
        if exchange.receiver == "Authorization server" and not exchange.request.path.startswith(unchecked):
            assert exchange.reports, exchange.title


@pytest.mark.parametrize("id", FLOWS)
def test_flow_is_the_same_every_time(id):
    assert str(Lab().flow(id).run().trace) == str(Lab().flow(id).run().trace)


@pytest.mark.parametrize("id", FLOWS)
def test_trace_can_be_exported(id):
    trace = Lab().flow(id).run().trace
    assert len(json.loads(json.dumps(trace.to_har()))["log"]["entries"]) == len(trace)
    mermaid = trace.to_mermaid()
    assert mermaid.count("->>") + mermaid.count("-->>") >= 2 * len(trace)
    for exchange in trace:
        assert f"{exchange.number}. " in str(trace) or f"{exchange.number} " in str(trace)


@pytest.mark.parametrize("id", FLOWS)
def test_answers_come_after_what_was_asked_in_between(id):
    waiting = []
    for exchange, asks in Lab().flow(id).run().trace.messages:
        if asks:
            waiting.append(exchange.number)
        else:
            assert waiting.pop() == exchange.number
    assert not waiting


@pytest.mark.parametrize("id", few(FLOWS, *list(FLOWS)[::2]))
def test_any_parameter_may_be_dropped_or_mangled(id):
    steps = []
    Lab().flow(id).run(lambda step: steps.append([n for n, _ in step.request.parameters]))
    for number, names in enumerate(steps):
        for each in names:
            for value in (None, "mangled"):
                flow = Lab().flow(id)
                for _ in range(number):
                    flow.send()
                flow.send(flow.pending.request.changed(**{each: value}))
                flow.run()
                assert flow.done
                assert all(
                    e.response is not None
                    and (e.response.status < 500 or flow.stopped or e.response.status == 502)
                    for e in flow.trace
                )


@pytest.mark.parametrize("id", ["authorization-code", "openid-connect", "dpop", "bearer"])
def test_any_header_may_be_dropped(id):
    count = []
    Lab().flow(id).run(lambda step: count.append(1))
    for number in range(len(count)):
        flow = Lab().flow(id)
        for _ in range(number):
            flow.send()
        request = flow.pending.request
        for header in ("Authorization", "Cookie", "DPoP", "Origin", "Content-Type"):
            request = request.with_header(header, None)
        flow.send(request)
        assert flow.run().done


def test_message_to_nowhere_is_refused_and_the_flow_can_go_on():
    flow = Lab().flow("authorization-code")
    with pytest.raises(UsageError, match="not in the lab"):
        flow.send(flow.pending.request.at("https://elsewhere.example/"))
    assert not flow.run().stopped


def test_flow_that_is_over_says_so():
    flow = Lab().flow("bearer").run()
    with pytest.raises(UsageError, match="over"):
        flow.send()


def test_unknown_flow_check_and_option_are_named():
    with pytest.raises(UsageError, match="openid-connect"):
        Lab().flow("oidc")
    with pytest.raises(UsageError, match="nobody in this world"):
        Lab().flow("bearer", without="nonsense")
    with pytest.raises(UsageError, match="colour"):
        Lab().flow("bearer", colour="red")


def test_nothing_secret_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    secrets = set()
    for id in FLOWS:
        trace = Lab().flow(id).run().trace
        for exchange in trace:
            for parameter, value in exchange.request.parameters:
                if parameter in (
                    "code",
                    "code_verifier",
                    "password",
                    "refresh_token",
                    "client_secret",
                    "device_code",
                ):
                    secrets.add(value)
        secrets |= {seen.text for seen in trace.tokens}
    assert len(secrets) > 30
    assert not [each for each in secrets if each in caplog.text]


def test_secrets_are_compared_in_constant_time(monkeypatch):
    compared = []
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append((a, b)) or a == b)
    flow = Lab().flow("openid-connect").run()
    assert not flow.stopped
    text = str(compared)
    for secret in (
        "notes-app-secret-for-lessons",
        flow.trace[2].request.get("state"),
        flow.trace[2].request.get("nonce"),
    ):
        assert secret in text
    challenge = flow.trace[2].request.get("code_challenge")
    assert challenge in text


@pytest.mark.parametrize("id", ["authorization-code", "par"])
def test_the_story_says_what_the_browser_really_carries(id):
    trace = Lab().flow(id).run().trace
    asked = next(each for each in trace if each.request.path == "/authorize")
    carried = {name for name, _ in asked.request.query}
    assert ("PKCE" in asked.says) == ("code_challenge" in carried)
    assert ("handed over" in asked.says) == ("request_uri" in carried)
