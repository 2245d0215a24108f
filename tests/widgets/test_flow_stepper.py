"""FlowStepper: what a learner sees and does, as text."""

import re

import pytest

from jwtlab import UsageError
from jwtlab.oauth import FLOW_ATTACKS, FLOWS
from jwtlab.widgets import FlowStepper


def stepped(flow="authorization-code", messages=0, **options):
    stepper = FlowStepper(flow, **options)
    for _ in range(messages):
        stepper.act("next")
    return stepper


def field(stepper, name):
    index = next(i for i, (_, each, _) in enumerate(stepper.fields) if each == name)
    return f"{stepper.fields[index][0]}:{index}"


@pytest.mark.parametrize("flow", FLOWS)
def test_every_flow_can_be_stepped_to_its_end(flow):
    stepper = FlowStepper(flow)
    while stepper.session.pending is not None:
        sentence = stepper.session.pending.says
        assert sentence.endswith((".", "!"))
        stepper.act("next")
    assert not stepper.session.stopped
    assert "The flow is over" in stepper.html
    assert len(stepper.session.trace) == stepper.rehearsal.exchanges


def test_first_message_is_shown_before_anything_is_sent():
    stepper = FlowStepper()
    assert len(stepper.session.trace) == 0
    assert "About to be sent" in stepper.html
    assert "GET /login HTTP/1.1" in stepper.html
    assert "message 1 of 11" in stepper.html


def test_next_sends_one_message_and_shows_its_answer_and_checks():
    stepper = stepped(messages=2)
    assert len(stepper.session.trace) == 2
    assert "Authorization server checks: authorization request" in stepper.html
    assert "The challenge hides the secret (S256)" in stepper.html


def test_a_changed_parameter_is_what_is_sent_and_the_server_says_what_it_expected():
    stepper = stepped(messages=1)
    stepper.act("edit", "https://mallory.example/callback", field(stepper, "redirect_uri"))
    assert "Changed." in stepper.html
    stepper.act("next")
    assert "redirect-uri-registered" in stepper.session.trace[1].refused_by
    assert "expected" in stepper.html
    assert "https://mallory.example/callback" in stepper.html


def test_a_changed_header_is_what_is_sent():
    stepper = stepped("client-credentials")
    stepper.act("edit", "Basic bm9ib2R5Og==", field(stepper, "Authorization"))
    stepper.act("next")
    assert stepper.session.trace[0].response.status == 401
    assert "client-found" in stepper.session.trace[0].refused_by


def test_a_parameter_can_be_taken_out_and_put_back():
    stepper = stepped(messages=1)
    index = field(stepper, "code_challenge").partition(":")[2]
    stepper.act("drop", index)
    assert "code_challenge=" not in stepper.draft().url
    stepper.act("undo")
    assert "code_challenge=" in stepper.draft().url
    stepper.act("drop", index)
    stepper.act("next")
    assert "code-challenge-present" in stepper.session.trace[1].refused_by


def test_a_check_switched_off_lets_the_changed_message_pass():
    stepper = stepped(messages=1)
    stepper.act("switch", False, "Authorization server|code-challenge-present")
    stepper.act("drop", field(stepper, "code_challenge").partition(":")[2])
    stepper.act("next")
    assert stepper.session.trace[1].response.status == 200
    assert "1 switched off" in stepper.html
    stepper.act("switch", True, "Authorization server|code-challenge-present")
    assert stepper.off == set()


def test_back_looks_and_undoes_nothing():
    stepper = stepped(messages=3)
    stepper.act("back")
    assert stepper.shown == 3
    stepper.act("back")
    assert "Message 2 " in stepper.html
    assert len(stepper.session.trace) == 3
    for _ in range(2):
        stepper.act("next")
    assert stepper.shown == 0
    assert len(stepper.session.trace) == 3


def test_reset_begins_anew_with_the_same_switches():
    stepper = stepped(messages=4)
    stepper.act("switch", False, "API|audience-expected")
    stepper.act("reset")
    assert len(stepper.session.trace) == 0
    assert stepper.off == {"API|audience-expected"}
    assert "audience-expected" not in stepper.session.world.api.policies["access token"]


def test_reset_turns_the_clock_back():
    stepper = FlowStepper("refresh")
    began = stepper.lab.now
    stepper.act("run")
    assert stepper.lab.now > began
    stepper.act("reset")
    assert stepper.lab.now == began


@pytest.mark.parametrize("attack", FLOW_ATTACKS.values(), ids=lambda attack: attack.id)
def test_an_attack_is_chosen_played_and_stopped(attack):
    stepper = FlowStepper(attack.flow)
    stepper.act("attack", attack.id)
    stepper.act("run")
    assert ("Mallory has what she wanted" if attack.by_mallory else "The harm is done") in stepper.html
    stepper.act("world", "sound")
    stepper.act("run")
    assert ("Mallory goes away with nothing" if attack.by_mallory else "No harm is done") in stepper.html


@pytest.mark.parametrize("careless", [True, False])
def test_stepper_may_begin_with_an_attack(careless):
    stepper = FlowStepper("authorization-code", attack="code-interception", careless=careless)
    stepper.act("run")
    assert stepper.session.outcome.succeeded is careless


def test_tokens_are_decoded_where_they_travel():
    stepper = stepped("client-credentials", 1)
    assert "response member access_token" in stepper.html
    assert "at+jwt" in stepper.html


def test_login_page_is_shown_as_a_page_that_can_do_nothing():
    stepper = stepped(messages=2)
    assert '<iframe class="jl-page" data-key="page-2" sandbox=""' in stepper.html
    assert "&lt;form method=&#34;post&#34;" in stepper.html


def test_what_a_learner_types_is_text():
    stepper = stepped(messages=1)
    stepper.act("edit", '"><script>alert(1)</script>', field(stepper, "state"))
    assert "<script>alert" not in stepper.html
    stepper.act("run")
    assert "<script>alert" not in stepper.html


@pytest.mark.parametrize(
    ("name", "value", "target"),
    [
        ("edit", "x", "query:99"),
        ("edit", "x", "nonsense"),
        ("edit", "x\r\nSet-Cookie: a=b", "query:0"),
        ("edit", "\ud800", "query:0"),
        ("drop", "99", ""),
        ("drop", "x", ""),
        ("switch", False, "nobody|nothing"),
        ("look", "999", ""),
        ("look", "-1", ""),
        ("attack", "nonsense", ""),
        ("world", "nonsense", ""),
    ],
)
def test_odd_actions_do_no_harm(name, value, target):
    stepper = stepped(messages=1)
    stepper.act(name, value, target)
    stepper.act("next")
    stepper.act("run")
    assert "Flow stepper" in stepper.html


@pytest.mark.parametrize("name", ["authorization", "dpop", "cookie"])
def test_odd_headers_do_no_harm(name):
    stepper = stepped("dpop", 5)
    for index, (place, each, _) in enumerate(stepper.fields):
        if place == "header" and each.lower() == name:
            stepper.act("edit", "\x00 ä \n €", f"header:{index}")
    stepper.act("run")
    assert "Flow stepper" in stepper.html


def test_unknown_flow_attack_and_check_are_named():
    with pytest.raises(UsageError, match="authorization-code"):
        FlowStepper("code")
    with pytest.raises(UsageError, match="mix-up"):
        FlowStepper(attack="mixup")
    with pytest.raises(UsageError, match="nobody in this flow"):
        FlowStepper(without="nonsense")
    with pytest.raises(UsageError, match="unexpected"):
        FlowStepper(colour="red")


@pytest.mark.parametrize(
    ("text", "path", "sent"),
    [
        ("prompt=none", "query", ("prompt", "none")),
        ("state=second", "query", ("state", "second")),
        ("Cookie: app-session=x", "headers", ("Cookie", "app-session=x")),
        (" x = ", "query", ("x ", "")),
    ],
)
def test_a_parameter_or_header_can_be_added(text, path, sent):
    stepper = stepped(messages=1)
    stepper.act("typing", text)
    stepper.act("add")
    assert "Put it back" in stepper.html
    stepper.act("next")
    assert sent in getattr(stepper.session.trace[1].request, path)


def test_what_is_added_goes_into_the_form_where_there_is_one_and_can_be_put_back():
    stepper = stepped("client-credentials")
    stepper.act("typing", "resource=https://elsewhere.example")
    stepper.act("add")
    assert stepper.fields[-2][0] == "form" or stepper.fields[-1][0] == "form"
    stepper.act("undo")
    assert "elsewhere" not in stepper.html
    stepper.act("typing", "scope=notes:write")
    stepper.act("add")
    stepper.act("next")
    assert "parameters-once" in stepper.session.trace[0].refused_by


@pytest.mark.parametrize(
    "text", ["", "  ", "=", "=x", "nothing", "Host: mallory.example", None, 5, "\ud800=\ud800"]
)
def test_what_cannot_be_added_is_said(text):
    stepper = stepped(messages=1)
    before = len(stepper.fields)
    stepper.act("typing", text)
    stepper.act("add")
    assert ("Write name=value" in stepper.html) == (len(stepper.fields) == before)
    stepper.act("next")
    assert "Write name=value" not in stepper.html


def knowledge(stepper):
    return stepper.html.split('data-key="knowledge"')[1].split("</details>")[0]


def test_who_knows_what_grows_and_can_be_looked_back_at():
    assert "Nothing secret has travelled" in knowledge(stepped(messages=1))
    stepper = stepped(messages=4)
    assert "authorization code" in knowledge(stepper)
    assert "access token" not in knowledge(stepper)
    stepper.act("run")
    assert "access token" in knowledge(stepper)
    while stepper.session.trace and stepper.shown != 4:
        stepper.act("back")
    assert "access token" not in knowledge(stepper)
    theft = FlowStepper("refresh", attack="refresh-token-theft")
    theft.act("run")
    assert "Mallory" in knowledge(theft)


def test_mailbox_can_be_opened_once_there_is_mail():
    stepper = stepped("passwordless", 2)
    assert "Mailbox" not in stepper.html
    stepper.act("next")
    assert "1 e-mail<" in stepper.html
    assert "https://as.example/magic?token=" in stepper.html


def test_two_steppers_show_the_same():
    assert stepped(messages=6).html == stepped(messages=6).html


def arrows(stepper, state):
    return [each.label for each in stepper.context()["diagram"].arrows if each.state == state]


def test_messages_to_come_are_drawn_until_the_flow_goes_another_way():
    stepper = stepped(messages=1)
    everything = [each.label for each in stepper.context()["diagram"].arrows]
    assert arrows(stepper, "coming")[-1] == "200 OK"
    assert "6 · POST /token: code" in arrows(stepper, "coming")
    stepper.act("run")
    assert [each.partition(":")[0] for each in everything] == [
        each.partition(":")[0] for each in arrows(stepper, "done")
    ]
    astray = stepped(messages=1)
    astray.act("edit", "https://mallory.example/callback", field(astray, "redirect_uri"))
    astray.act("next")
    assert arrows(astray, "coming") == []
    assert " of 11" not in astray.html


@pytest.mark.parametrize("attack", FLOW_ATTACKS.values(), ids=lambda attack: attack.id)
@pytest.mark.parametrize("careless", [True, False])
def test_an_attack_goes_as_it_is_drawn_beforehand(attack, careless):
    stepper = FlowStepper(attack.flow, attack=attack.id, careless=careless)
    expected = stepper.rehearsal.labels
    stepper.act("run")
    assert stepper.rehearsal.ahead(stepper.session.trace) == ()
    assert len(stepper.session.trace.messages) == len(expected)


def ahead(stepper):
    part = stepper.html.split('data-key="ahead-')
    return part[1].split("</details>")[0] if len(part) > 1 else ""


@pytest.mark.parametrize("flow", FLOWS)
def test_what_is_announced_is_what_is_checked(flow):
    stepper = FlowStepper(flow)
    while (step := stepper.session.pending) is not None:
        number, place = len(stepper.session.trace) + 1, step.request
        receiver = stepper.session.network.origins["https://" + place.url.split("/")[2]]
        announced = stepper.rehearsal.asked(number, step, receiver)
        stepper.act("next")
        if not (exchange := stepper.session.trace[number - 1]).waiting:
            assert set(announced) == {name for name, _ in exchange.reports}


def test_the_receivers_checks_are_listed_before_the_message_is_sent_and_can_be_switched_there():
    stepper = stepped(messages=1)
    assert "The challenge hides the secret (S256)" in ahead(stepper)
    assert "✓" not in ahead(stepper)
    stepper.act("switch", False, "Authorization server|code-challenge-present")
    assert "switched off" in ahead(stepper)
    assert ahead(stepped(messages=0)) == ""


def test_a_token_about_to_be_sent_is_decoded_and_basic_is_spelled_out():
    stepper = stepped("client-credentials")
    assert "<code>report-service:report-service-secret-for-lessons</code>" in stepper.html
    stepper.act("next")
    assert 'data-key="carried-2-1"' in stepper.html
    assert "request header Authorization" in stepper.html


def test_what_became_of_the_last_message_is_said_first():
    stepper = stepped(messages=2)
    assert "Message 2: 200 OK" in stepper.html
    stepper.act("reset")
    assert "jl-result" not in stepper.html


def test_a_message_that_waits_is_shown_with_what_was_checked_so_far():
    stepper = stepped(messages=5)
    assert "has been sent. Notes app asks somebody else" in stepper.html
    assert "Notes app checks: authorization response" in stepper.html
    assert "This browser has asked for it (state)" in stepper.html


def test_refusal_is_said_first_with_the_id_of_the_check():
    stepper = stepped("client-credentials")
    stepper.act("edit", "Basic bm9ib2R5Og==", field(stepper, "Authorization"))
    stepper.act("next")
    said = stepper.html.split("jl-say")[1]
    assert "client-found" in said
    assert "brings no access_token" in said  # and so the flow ends here


@pytest.mark.parametrize(
    ("attack", "number", "check"),
    [
        ("code-interception", 4, "code-verifier"),
        ("mix-up", 6, "issuer-matches"),
        ("device-phishing", 3, "device-confirmed"),
        ("magic-link-reuse", 12, "link-unused"),
        ("scanner-prefetch", 4, "link-browser"),
    ],
)
def test_sound_world_says_what_stopped_mallory_first(attack, number, check):
    stepper = FlowStepper(FLOW_ATTACKS[attack].flow, attack=attack, careless=False)
    stepper.act("run")
    assert f"Stopped at message {number} by" in stepper.html
    assert f'<code class="jl-id">{check}</code>' in stepper.html
    assert f"Message {number} ·" in stepper.html


def test_sound_world_whose_guard_stays_quiet_tells_what_happened():
    stepper = FlowStepper("client-credentials", attack="jwks-cached-for-ever", careless=False)
    stepper.act("run")
    assert "Mallory goes away with nothing" in stepper.html
    assert "Stopped at message" not in stepper.html


@pytest.mark.parametrize("flow", FLOWS)
def test_labels_of_the_diagram_stay_inside_it(flow):
    from jwtlab.figures.sequence_layout import LETTER

    diagram = FlowStepper(flow).context()["diagram"]
    for arrow in diagram.arrows:
        half = len(arrow.shown) * LETTER / 2
        assert arrow.at - half >= 0
        assert arrow.at + half <= diagram.width


def results(flow: str, **options: str) -> list[tuple[object, str]]:
    stepper = FlowStepper(flow, **options)
    found = []
    while stepper.session.pending is not None:
        stepper.act("next")
        result = stepper.context()["result"]
        if result is not None and result[0] is not None:
            found.append((result[0], result[1]))
    return found


@pytest.mark.parametrize(
    ("flow", "title"),
    [
        ("authorization-code", "Message 2: 200 OK"),  # the login page
        ("authorization-code", "Message 3: 200 OK"),  # the consent page
        ("device", "Message 2: 400 authorization_pending"),
        ("passwordless", "Message 4: 200 OK"),  # the button behind the link
    ],
)
def test_a_step_that_asks_for_more_is_neither_tick_nor_cross(flow, title):
    assert ("more", title) in results(flow)
    assert ("more", "Message 1: 303 to /authorize") not in results(flow)


def test_what_asks_for_more_has_a_sign_of_its_own():
    stepper = FlowStepper("device")
    stepper.act("next")
    stepper.act("next")
    item = stepper.html.split('data-key="device-answered"', 1)[1].split("</li>", 1)[0]
    assert ">…</span>" in item
    assert ": asks for more</span>" in item
    assert "✕" not in item


@pytest.mark.parametrize(
    ("flow", "number", "name", "check"),
    [
        ("authorization-code", 6, "code_verifier", "code-verifier"),
        ("authorization-code", 6, "redirect_uri", "code-redirect-uri"),
        ("refresh", 15, "refresh_token", "refresh-known"),
    ],
)
def test_a_spoilt_message_is_shown_and_not_the_one_that_waited_for_it(flow, number, name, check):
    stepper = FlowStepper(flow, sent=number - 1)
    stepper.act("edit", "x" * 43, field(stepper, name))
    stepper.act("next")
    assert f"<b>✕ Message {number}: 400 invalid_grant</b>" in stepper.html
    assert f"({check})" in stepper.html


def test_messages_that_another_lesson_explains_have_gone_already_also_after_a_reset():
    stepper = FlowStepper("refresh", sent=7)
    for _ in range(2):
        assert [len(stepper.session.trace), stepper.session.pending.request.path] == [7, "/notes"]
        stepper.act("run")
        assert len(stepper.session.trace) == 16
        stepper.act("reset")


@pytest.mark.parametrize("flow", FLOWS)
def test_nobody_lists_two_checks_of_one_title(flow):
    for decisions in FlowStepper(flow).session.world.policies.values():
        for policy in decisions.values():
            titles = [check.title for check in policy]
            assert len(set(titles)) == len(titles)


def test_a_check_put_back_into_a_careless_world_stays_after_reset():
    stepper = FlowStepper("authorization-code", attack="code-interception")
    for target in list(stepper.off):
        stepper.act("switch", True, target)
    stepper.act("reset")
    assert stepper.off == set()
    stepper.act("run")
    assert "goes away with nothing" in stepper.html


def test_a_check_with_nothing_to_compare_has_no_tick():
    stepper = FlowStepper("openid-connect", sent=9)  # no max_age, and the code flow brings no c_hash
    row = stepper.html.split('data-key="login-fresh"')[1].split("</li>")[0]
    assert "○</span>" in row
    assert "✓" not in row
    assert "not asked" in row
    assert "✓" in stepper.html.split('data-key="nonce-matches"')[1].split("</li>")[0]


def test_two_steppers_of_one_flow_have_two_names():
    names = [
        re.search(r'<section[^>]* aria-label="([^"]+)"', FlowStepper(*flow, **options).html)[1]
        for flow, options in (
            (["passwordless"], {}),
            (["passwordless"], {"method": "code"}),
            (["dpop"], {"nonce": True}),
        )
    ]
    assert names == ["Passwordless", "Passwordless (method: code)", "DPoP (nonce)"]


def test_everybodys_checks_are_sent_only_when_one_is_switched():
    stepper = FlowStepper()
    checks = stepper.seldom["switches"]
    assert "Everybody's checks" in checks
    assert "Everybody's checks" not in stepper.page
    assert checks in stepper.html
    sent = []
    stepper.observe(sent.append, "seldom")
    for name in ("next", "next", "back", "reset"):
        stepper.act(name)
        assert sent == []
        assert stepper.html == stepper.draw()
        assert len(stepper.page) < len(stepper.html) - len(checks) + 10
    stepper.act("switch", False, "Authorization server|code-verifier")
    assert "1 switched off" in sent[0].new["switches"]
    assert "1 switched off" in stepper.html
    stepper.act("switch", True, "Authorization server|code-verifier")
    assert stepper.seldom["switches"] == checks
