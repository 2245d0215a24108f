"""Random sequences of everything that people, clients and thieves can do to the authorization server.

A model beside the server knows what was granted, to whom, when, and what has been used up since. After each
step: a code and a refresh token work at most once, nothing revoked is active, nobody gets a token for more than
was granted, no redirect goes to an address that is not registered. And what is honest and in time succeeds:
a server that refuses everything would keep the first four.

``JWTLAB_SEQUENCES=100 python -m pytest tests/oauth/test_sequences.py -n 0`` plays a hundred times as many,
drawn anew each time; in a usual run they are always the same ones.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from driving import API, AS, Place
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from short_form import few

import jwtlab
from jwtlab.oauth import pkce
from jwtlab.oauth.authorization_server.lifetimes import (
    ACCESS_LIFETIME,
    CODE_LIFETIME,
    GRANT_LIFETIME,
    REFRESH_LIFETIME,
    SESSION_LIFETIME,
)
from jwtlab.oauth.store import SQLiteStore

HAPPENED: Counter[str] = Counter()
"""What was really reached: a model that never gets past the first page finds nothing."""
TIMES = int(os.environ.get("JWTLAB_SEQUENCES", "0"))
ARCHIVE = "https://archive.example"
BROWSERS = ("alice's laptop", "alice's phone", "mallory's")
PEOPLE = ("alice", "bob", "mallory")
APPS = ("notes-app", "phone-app", "calendar-app", "game")
ANY_CLIENT = (*APPS, "report-service", "notes-api", "television")
SHORT = (1, 1, 5, 5, 20, 20)
LONG = (8 * 3600 + 1, REFRESH_LIFETIME + 1, -30, -3600)
WHICH = st.sampled_from((0, 0, 0, 0, 1, 1, 2, 3, 5, 8))
SCOPES = ("openid", "profile", "notes:read", "notes:write", "offline_access")


@dataclass
class Grant:
    """What somebody has allowed."""

    client: str
    user: str
    scope: frozenset[str]
    since: float
    revoked: bool = False


@dataclass
class Code:
    value: str = field(repr=False)
    grant: Grant
    redirect_uri: str
    verifier: str = field(repr=False)
    since: float
    used: bool = False


@dataclass
class Refresh:
    value: str = field(repr=False)
    grant: Grant
    since: float
    used: bool = False


@dataclass
class Access:
    value: str = field(repr=False)
    grant: Grant
    expires: float
    revoked: bool = False


@dataclass
class Asked:
    """An authorization request that was sent."""

    client: str
    redirect_uri: str
    scope: frozenset[str]
    verifier: str = field(repr=False)


@dataclass
class Device:
    """A device code that somebody waits with."""

    value: str = field(repr=False)
    user_code: str
    scope: frozenset[str]
    since: float
    approved_by: str = ""
    used: bool = False


@dataclass
class Session:
    """Somebody who is logged in with a browser, and what they have allowed meanwhile."""

    user: str
    expires: float
    grants: list[Grant] = field(default_factory=list)

    def end(self) -> None:
        """A logout takes back what was allowed, unless it was to outlive it."""
        for grant in self.grants:
            grant.revoked |= "offline_access" not in grant.scope


class Town:
    """Server, clients and browsers over a store that survives them."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="jwtlab-sequences-")
        self.path = Path(self.folder.name, "lab.db")
        self.place = Place(store=SQLiteStore(self.path))
        self.browsers = {name: self.place.world.browser(name) for name in BROWSERS}

    def restart(self) -> None:
        """The process is gone; the file, the clock and the browsers with their cookies are there."""
        self.place.server.store.close()
        lab, before = self.place.lab, self.browsers
        self.place = Place(store=SQLiteStore(self.path), lab=lab)
        for name, old in before.items():
            new = self.place.world.browser(name)
            for cookie in old.cookies.jar:
                new.cookies.jar.set_cookie(cookie)
            new.page = old.page
            self.browsers[name] = new

    def close(self) -> None:
        self.place.server.store.close()
        self.folder.cleanup()


def newest(things: list, which: int):
    """One of them, the newest most often."""
    return things[-1 - which % len(things)]


class Sequences(RuleBasedStateMachine):
    """The rules are what can happen; the assertions in them are the invariants.

    Attributes:
        without: checks that the server does not make.
    """

    without: tuple[str, ...] = ()

    @initialize()
    def begin(self) -> None:
        self.town = Town()
        self.place.world.without(*self.without)
        self.asked: dict[str, Asked] = {}
        self.sessions: dict[str, Session] = {}
        self.seen: set[str] = set()
        self.codes: list[Code] = []
        self.accesses: list[Access] = []
        self.refreshes: list[Refresh] = []
        self.went_back = False

    def teardown(self) -> None:
        if hasattr(self, "town"):
            try:
                for access in self.accesses:
                    self.look(access)
            finally:
                self.town.close()

    # What the model knows

    @property
    def place(self) -> Place:
        return self.town.place

    @property
    def now(self) -> float:
        return self.place.lab.now

    def alive(self, grant: Grant) -> bool:
        return not grant.revoked and self.now < grant.since + GRANT_LIFETIME

    def good(self, access: Access) -> bool:
        return not access.revoked and self.alive(access.grant) and self.now < access.expires

    def look(self, access: Access) -> None:
        """Ask the API's client what the token is worth."""
        answer = self.place.post("/introspect", "notes-api", token=access.value).json()
        HAPPENED["active" if answer["active"] else "not active"] += 1
        if answer["active"]:
            assert self.good(access), f"active, and should not be: {access}"
            assert frozenset(answer["scope"].split()) <= access.grant.scope
        elif not self.went_back and API in _audience(access.value):
            assert not self.good(access), f"not active, and nothing speaks against it: {access}"

    # People with browsers

    @rule(
        browser=st.sampled_from(BROWSERS),
        client=st.sampled_from(APPS),
        scope=st.sets(st.sampled_from(SCOPES), min_size=1),
        place=st.sampled_from(("registered", "registered", "registered", "evil", "another's", "none")),
        prompt=st.sampled_from((None, None, "login", "consent", "none")),
    )
    def ask(self, browser, client, scope, place, prompt):
        """Somebody begins a login; an address that is not registered gets nothing."""
        registered = self.place.server.clients[client].redirect_uris[0]
        uri = {
            "registered": registered,
            "evil": f"{registered}.mallory.example/",
            "another's": "https://calendar.example/callback" if client != "calendar-app" else AS,
            "none": None,
        }[place]
        verifier = pkce.new_verifier(self.place.world.random)
        state = f"s{len(self.asked)}"
        self.asked[state] = Asked(client, registered, frozenset(scope), verifier)
        parameters = {
            "response_type": "code",
            "client_id": client,
            "redirect_uri": uri,
            "scope": " ".join(sorted(scope)),
            "state": state,
            "nonce": f"n-{state}",
            "code_challenge": pkce.challenge(verifier),
            "code_challenge_method": "S256",
            "prompt": prompt,
        }
        query = urlencode({name: value for name, value in parameters.items() if value is not None})
        self.town.browsers[browser].open(f"{AS}/authorize?{query}")
        self.arrived(browser)

    @rule(
        browser=st.sampled_from(BROWSERS),
        user=st.sampled_from(PEOPLE),
        client=st.sampled_from(APPS),
        scope=st.sets(st.sampled_from(SCOPES), min_size=1),
        on=st.sampled_from((False, True, True)),
    )
    def whole_login(self, browser, user, client, scope, on):
        """From the request to the code, or on to the tokens, as it should be."""
        codes = len(self.codes)
        self.ask(browser, client, scope, "registered", None)
        self.log_in(browser, user, True, False)
        self.decide(browser, "Allow", False)
        if on and len(self.codes) > codes:
            self.redeem(0, "", client)

    @rule(
        browser=st.sampled_from(BROWSERS),
        user=st.sampled_from(PEOPLE),
        right=st.sampled_from((True, True, True, False)),
        again=st.booleans(),
    )
    def log_in(self, browser, user, right, again):
        """If the page asks for a password: somebody's, or a wrong one; perhaps pressed twice."""
        agent = self.town.browsers[browser]
        form = (
            next((each for each in agent.page.forms if "password" in each.fields), None)
            if agent.page
            else None
        )
        if form is None:
            return
        password = self.place.lab.users[user].password if right else "wrong"
        sent = {"username": user, "password": password}
        before = agent.page
        agent.submit(sent, form=before.forms.index(form))
        if right and agent.page.status < 400:
            self.welcome(browser, user)
        self.arrived(browser)
        if again:
            agent.page = before
            agent.submit(sent, form=before.forms.index(form))
            self.arrived(browser)

    @rule(
        browser=st.sampled_from(BROWSERS),
        press=st.sampled_from(("Allow", "Allow", "Deny")),
        again=st.booleans(),
    )
    def decide(self, browser, press, again):
        """If the page asks for consent: yes or no, perhaps pressed twice."""
        agent = self.town.browsers[browser]
        labels = [label for form in agent.page.forms for _, _, label in form.buttons] if agent.page else []
        if "Allow" not in labels:
            return
        no = next(label for label in labels if label != "Allow")
        before = agent.page
        agent.submit(press="Allow" if press == "Allow" else no)
        self.arrived(browser)
        if again:
            agent.page = before
            agent.submit(press="Allow" if press == "Allow" else no)
            self.arrived(browser)

    @rule(browser=st.sampled_from(BROWSERS))
    def log_out(self, browser):
        agent = self.town.browsers[browser]
        agent.open(f"{AS}/logout")
        if agent.page.forms:
            agent.submit()
            if agent.page.status < 400:
                self.ended(browser)

    def session(self, browser: str) -> Session | None:
        found = self.sessions.get(browser)
        return found if found and self.now < found.expires else None

    def welcome(self, browser: str, user: str) -> None:
        """Whoever logs in again goes on with their session; somebody else ends it."""
        before = self.session(browser)
        if before and before.user != user:
            before.end()
            before = None
        grants = before.grants if before else []
        self.sessions[browser] = Session(user, self.now + SESSION_LIFETIME, grants)

    def ended(self, browser: str) -> None:
        before = self.session(browser)
        if before:
            before.end()
        self.sessions.pop(browser, None)

    def arrived(self, browser: str) -> None:
        """Follow the server's own redirects; the first that leads elsewhere has to lead to the client."""
        agent = self.town.browsers[browser]
        for _ in range(10):
            target = agent.page.redirect if agent.page else ""
            if not target.startswith(AS + "/"):
                break
            agent.follow()
        if not agent.page or not agent.page.redirect:
            return
        target = urlsplit(agent.page.redirect)
        answer = parse_qs(target.query)
        (state,) = answer.get("state", [""])
        asked = self.asked[state]
        base = target._replace(query="", fragment="").geturl()
        assert base == asked.redirect_uri, f"sent to {base}, registered is {asked.redirect_uri}"
        if "code" not in answer or answer["code"][0] in self.seen:
            return
        (value,) = answer["code"]
        self.seen.add(value)
        session = self.sessions[browser]
        grant = Grant(asked.client, session.user, asked.scope, self.now)
        session.grants.append(grant)
        HAPPENED["code given"] += 1
        self.codes.append(Code(value, grant, asked.redirect_uri, asked.verifier, self.now))

    # Clients, and thieves

    @precondition(lambda self: self.codes)
    @rule(
        which=WHICH,
        slip=st.sampled_from((*[""] * 6, "client", "wrong verifier", "no verifier", "wrong uri", "no uri")),
        other=st.sampled_from(ANY_CLIENT),
    )
    def redeem(self, which, slip, other):
        """By whoever has the code: the application itself, or somebody whom one thing is missing."""
        code = newest(self.codes, which)
        client = other if slip == "client" else code.grant.client
        form = {
            "grant_type": "authorization_code",
            "code": code.value,
            "redirect_uri": f"{code.redirect_uri}/" if slip == "wrong uri" else code.redirect_uri,
            "code_verifier": "v" * 43 if slip == "wrong verifier" else code.verifier,
        }
        if slip.startswith("no "):
            del form["code_verifier" if slip == "no verifier" else "redirect_uri"]
        mine = client == code.grant.client
        may = (
            mine
            and not code.used
            and slip in ("", "client")
            and self.now < code.since + CODE_LIFETIME
            and self.alive(code.grant)
        )
        answer = self.place.post("/token", client, **form)
        good = answer.status_code == 200
        assert good == may or (self.went_back and not good), (answer.text, code)
        HAPPENED["code redeemed" if may else "code refused"] += 1
        if answer.status_code != 200:
            if mine and code.used:
                HAPPENED["code replayed"] += 1
                code.grant.revoked = True  # two hands have it (RFC 6749 §4.1.2)
            return
        code.used = True
        self.given(answer.json(), code.grant)

    @precondition(lambda self: self.refreshes)
    @rule(
        which=WHICH,
        thief=st.sampled_from((*[""] * 5, *ANY_CLIENT)),
        scope=st.one_of(st.none(), st.none(), st.sets(st.sampled_from(SCOPES), min_size=1)),
    )
    def use_refresh_token(self, which, thief, scope):
        refresh = newest(self.refreshes, which)
        grant = refresh.grant
        client = thief or grant.client
        form = {"grant_type": "refresh_token", "refresh_token": refresh.value}
        if scope is not None:
            form["scope"] = " ".join(sorted(scope))
        mine = client == grant.client
        may = (
            mine
            and not refresh.used
            and self.now < refresh.since + REFRESH_LIFETIME
            and self.alive(grant)
            and (scope is None or scope <= grant.scope)
        )
        answer = self.place.post("/token", client, **form)
        good = answer.status_code == 200
        assert good == may or (self.went_back and not good), (answer.text, refresh)
        HAPPENED["refreshed" if may else "refresh refused"] += 1
        if answer.status_code != 200:
            if mine and refresh.used:
                HAPPENED["refresh token replayed"] += 1
                grant.revoked = True
            return
        refresh.used = True
        self.given(answer.json(), grant)

    def given(self, tokens: dict, grant: Grant) -> None:
        """What a good answer has to be."""
        claims = jwtlab.decode(tokens["access_token"]).claims
        assert frozenset(claims["scope"].split()) <= grant.scope
        assert claims["client_id"] == grant.client
        assert claims["sub"] == grant.user
        if "refresh_token" in tokens:
            self.refreshes.append(Refresh(tokens["refresh_token"], grant, self.now))
        access = Access(tokens["access_token"], grant, min(claims["exp"], self.now + ACCESS_LIFETIME))
        self.accesses.append(access)

    @precondition(lambda self: self.accesses)
    @rule(which=WHICH, client=st.sampled_from((None, None, *ANY_CLIENT)))
    def revoke_access_token(self, which, client):
        access = newest(self.accesses, which)
        client = client or access.grant.client
        answer = self.place.post("/revoke", client, token=access.value)
        if client == access.grant.client:
            assert answer.status_code == 200, answer.text
            access.revoked = True

    @precondition(lambda self: self.refreshes)
    @rule(which=WHICH, client=st.sampled_from((None, None, *ANY_CLIENT)))
    def revoke_refresh_token(self, which, client):
        refresh = newest(self.refreshes, which)
        client = client or refresh.grant.client
        answer = self.place.post("/revoke", client, token=refresh.value)
        if client == refresh.grant.client and not refresh.used:
            assert answer.status_code == 200, answer.text
            refresh.grant.revoked = True
        elif client == refresh.grant.client and not self.went_back:
            refresh.grant.revoked |= self.is_dead(refresh)

    def is_dead(self, refresh: Refresh) -> bool:
        """Does revoking a spent refresh token end the grant? RFC 7009 leaves it open: the server is asked."""
        sibling = [each for each in self.accesses if each.grant is refresh.grant and self.good(each)]
        answers = [
            self.place.post("/introspect", "notes-api", token=each.value).json()["active"]
            for each in sibling
            if API in _audience(each.value)
        ]
        return bool(answers) and not any(answers)

    @precondition(lambda self: self.accesses)
    @rule(which=WHICH, scope=st.sets(st.sampled_from(SCOPES), min_size=1))
    def exchange(self, which, scope):
        """The API goes on to another API; never with more than it has been given."""
        access = newest(self.accesses, which)
        answer = self.place.post(
            "/token",
            "notes-api",
            grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
            subject_token=access.value,
            subject_token_type="urn:ietf:params:oauth:token-type:access_token",
            audience=ARCHIVE,
            scope=" ".join(sorted(scope)),
        )
        HAPPENED["exchanged" if answer.status_code == 200 else "exchange refused"] += 1
        if answer.status_code != 200:
            return
        assert self.good(access), "a dead token was exchanged"
        claims = jwtlab.decode(answer.json()["access_token"]).claims
        assert frozenset(claims["scope"].split()) <= access.grant.scope & scope
        assert claims["sub"] == access.grant.user
        assert claims["exp"] <= access.expires
        assert _audience(answer.json()["access_token"]) == [ARCHIVE]

    @precondition(lambda self: self.accesses)
    @rule(which=WHICH)
    def introspect(self, which):
        access = newest(self.accesses, which)
        self.look(access)

    # The world

    @rule(seconds=st.sampled_from((*SHORT, CODE_LIFETIME + 1, ACCESS_LIFETIME + 1, *LONG)))
    def clock_moves(self, seconds):
        # After a step back some of it is forgotten already: what is honest may be refused, never more is given.
        self.went_back |= seconds < 0
        self.place.lab.clock.advance(seconds)
        # What has expired is forgotten for good, whatever the clock says afterwards.
        self.sessions = {name: each for name, each in self.sessions.items() if self.now < each.expires}

    @rule()
    def restart(self):
        self.town.restart()
        self.place.world.without(*self.without)


def _audience(token: str) -> list[str]:
    audience = jwtlab.decode(token).claims["aud"]
    return [audience] if isinstance(audience, str) else list(audience)


def play(machine: type[Sequences], length: int, examples: int) -> None:
    kept = settings(
        max_examples=examples,
        stateful_step_count=length,
        deadline=None,
        derandomize=not TIMES,
        database=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink) if TIMES else (Phase.generate,),
    )
    run_state_machine_as_test(machine, settings=kept)


@pytest.mark.parametrize("length", few((20, 50), 20))
def test_whatever_happens_in_whatever_order(length):
    HAPPENED.clear()
    play(Sequences, length, 50 * max(TIMES, 1))
    reached = {
        "code given",
        "code redeemed",
        "code refused",
        "refreshed",
        "active",
        "not active",
        "exchanged",
    }
    # In twenty steps nobody comes as far as an exchange.
    assert reached - {name for name, times in HAPPENED.items() if times} <= (
        {"exchanged"} if length < 50 else set()
    )


HOLES = ["code-unused", "code-verifier", "refresh-client"]
SLOWLY_FOUND = ["code-client", "code-redirect-uri", "refresh-unused"] if TIMES else []


@pytest.mark.long
@pytest.mark.parametrize("check", [*HOLES, *SLOWLY_FOUND])
def test_a_server_without_a_check_is_found_out(check):
    """The model is a verifier too: each of these holes has to be seen by it."""

    class Weak(Sequences):
        without = (check,)

    with pytest.raises(AssertionError):
        play(Weak, 40, 200)
