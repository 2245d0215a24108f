"""jwtlab serve with people and clients of one's own: files, their mistakes, and what the server then shows."""

import csv
import io
import json
import subprocess
import sys

import httpx
import pytest
from serving import client_of, get_code, redeem, said, serving

from jwtlab import Lab, UsageError, passwords
from jwtlab.oauth import lab_clients, protocol
from jwtlab.registry import class_list, people
from jwtlab.registry.clients import read_clients
from jwtlab.registry.people import RegisteredPerson, read_people
from jwtlab.served import Options, Served

HASH = str(passwords.Hashed.of("correct-horse", cost=2**4))
URI = "http://127.0.0.1:4711/callback"


@pytest.fixture
def own_people(tmp_path):
    path = tmp_path / "people.toml"
    path.write_text(
        f"[people.alice]\nname = 'Alice of the class'\nroles = ['reader']\npassword_hash = '{HASH}'\n"
        f"[people.bob]\npassword_hash = '{passwords.Hashed.of('bobs-password', cost=2**4)}'\n"
    )
    return path


def log_in_as(told, username, password, **more):
    told = {**told, "users": [{"username": username, "password": password}]}
    with httpx.Client() as browser:
        given, verifier = get_code(told, browser, URI, **more)
        return redeem(told, browser, given["code"], verifier, URI).json()


def test_own_people_log_in_and_the_public_passwords_do_not(own_people):
    with serving("--port", "0", "--people", str(own_people)) as (_, told):
        tokens = log_in_as(told, "alice", "correct-horse")
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert httpx.get(f"{told['issuer']}/userinfo", headers=bearer).json()["name"] == "Alice of the class"
        for name, password in [("alice", "wonderland"), ("mallory", "let-me-in"), ("bob", "correct-horse")]:
            with pytest.raises(AssertionError, match="Wrong user name or password"):
                log_in_as(told, name, password)
        assert [each["password"] for each in told["users"]] == [None, None]


def test_with_own_people_no_public_page_shows_a_secret_or_an_e_mail(own_people):
    with serving("--port", "0", "--people", str(own_people)) as (_, told):
        web = client_of(told, "web")["client_secret"]
        first = httpx.get(told["issuer"])
        assert web not in first.text
        assert "log in as everybody" not in first.text
        for path in ("/mailbox", "/mailbox/", "/mailbox/json", "/desk", "/desk/", "/desk/mailbox/"):
            assert httpx.get(told["issuer"] + path).status_code == 404
        assert web in httpx.get(told["desk"]).text
        assert httpx.get(told["mailbox"] + "/json").json() == []


def test_desk_stays_where_it_is_after_a_restart(own_people, tmp_path):
    options = Options(people=own_people, store=str(tmp_path / "store.db"))
    first = Served("http://127.0.0.1:1", options)
    first.close()
    again = Served("http://127.0.0.1:1", options)
    again.close()
    assert first.desk == again.desk
    assert len(first.desk) > 40


def test_warning_says_what_is_true(own_people):
    own = said("--json", "--port", "0", "--host", "0.0.0.0", "--people", str(own_people))
    assert own.returncode == 1
    assert "not encrypted" in own.stderr
    assert "public file" not in own.stderr
    with serving(
        "--port", "0", "--host", "0.0.0.0", "--reachable-by-others", "--people", str(own_people)
    ) as (process, _):
        process.terminate()
        warning = process.stderr.read()
    assert "without encryption" in warning
    assert "everybody" not in warning
    assert "public" not in warning


# Accounts from the command line


def add(*words, stdin=""):
    command = [sys.executable, "-m", "jwtlab", "serve", *words]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60)


def test_person_is_added_and_the_password_stands_nowhere(tmp_path):
    path = tmp_path / "new" / "people.toml"
    done = add("--people", str(path), "--add-person", "alice")
    assert done.returncode == 0, done.stderr
    password = done.stdout.split("Password: ")[1].split()[0]
    text = path.read_text()
    assert password not in text
    assert path.stat().st_mode & 0o077 == 0
    [alice] = read_people(path)
    assert alice.password_hash.matches(password)
    assert not alice.password_hash.matches(password + "x")
    assert alice.password_hash.n >= 2**15
    again = add("--people", str(path), "--add-person", "Alice")
    assert again.returncode == 1
    assert "has alice already" in again.stderr
    assert path.read_text() == text


def test_password_from_standard_input_is_not_printed(tmp_path):
    path = tmp_path / "people.toml"
    done = add(
        "--people", str(path), "--add-person", "Bob Bauer", "--password-stdin", stdin="bobs own word\n"
    )
    assert done.returncode == 0
    assert "bobs own word" not in done.stdout + done.stderr + path.read_text()
    [bob] = read_people(path)
    assert (bob.username, bob.name) == ("bob.bauer", "Bob Bauer")
    assert bob.password_hash.matches("bobs own word")
    short = add("--people", str(path), "--add-person", "mallory", "--password-stdin", stdin="short\n")
    assert short.returncode == 1
    assert "8 characters" in short.stderr


def test_remarks_and_order_of_the_file_are_kept(tmp_path, own_people):
    before = "# my remark\n" + own_people.read_text()
    own_people.write_text(before)
    assert add("--people", str(own_people), "--add-person", "mallory").returncode == 0
    assert own_people.read_text().startswith(before)
    assert [each.username for each in read_people(own_people)] == ["alice", "bob", "mallory"]


@pytest.mark.parametrize("name", ["a/b", "", "x" * 65, "..", "a,b"])
def test_impossible_names_are_refused_and_nothing_is_written(tmp_path, name):
    path = tmp_path / "people.toml"
    done = add("--people", str(path), "--add-person", name)
    assert done.returncode == 1
    assert "username" in done.stderr
    assert "Traceback" not in done.stderr
    assert not path.exists()


@pytest.mark.parametrize(
    ("text", "usernames"),
    [
        ("Alice Adams\nBob Bauer\n", ["alice.adams", "bob.bauer"]),
        ("\ufeff# class 7\n\nAdams, Alice\r\nBob\n", ["alice.adams", "bob"]),
        ("id,name\n4711,Alice Adams\nbob,\n", ["4711", "bob"]),
        ('Name;E-Mail;Roles\n"Bäuer; Bob";b@x.example;reader writer\n', ["bauer.bob"]),
        ("Alice\nAlice\nAlice\n", ["alice", "alice2", "alice3"]),
        ("Ællïs Øß\n李\n王\n", ["aellis.oss", "learner", "learner2"]),
    ],
)
def test_class_list_becomes_accounts_in_one_command(tmp_path, monkeypatch, text, usernames):
    monkeypatch.setattr(passwords, "FILE_COST", 2**4)
    monkeypatch.setattr(passwords.Hashed, "of", lambda word: _cheap(word))
    path, listed = tmp_path / "people.toml", tmp_path / "class.csv"
    listed.write_text(text, "utf-8")
    made, kept = class_list.add_class(path, listed)
    assert [each.person.username for each in made] == usernames
    assert kept == []
    found = {each.username: each for each in read_people(path)}
    for each in made:
        assert found[each.person.username].password_hash.matches(each.password)
        assert each.password not in path.read_text()
    again, kept = class_list.add_class(path, listed)
    assert again == []
    assert [each.username for each in kept] == usernames


def _cheap(word, original=passwords.Hashed.of):
    return original(word, cost=2**4)


def test_class_list_by_command_prints_a_table_and_a_second_run_adds_only_the_new(tmp_path):
    path, listed = tmp_path / "people.toml", tmp_path / "class.txt"
    listed.write_text("Alice Adams\n=cmd()\n")
    done = add("--people", str(path), "--add-class", str(listed))
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [each["username"] for each in rows] == ["alice.adams", "cmd"]
    assert rows[1]["name"].startswith("'=")  # no formula in a spreadsheet
    listed.write_text("Alice Adams\nBob Bauer\n")
    more = add("--people", str(path), "--add-class", str(listed))
    assert [each["username"] for each in csv.DictReader(io.StringIO(more.stdout))] == ["bob.bauer"]
    assert "1 had one before" in more.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no names"),
        ("id,name\nalice,A\nALICE,B\n", "line 3: ALICE is in line 2"),
        ("id,name\n,\n , \nx/y,A\n", "line 4: 'x/y' cannot be"),
        ("id,name,email\n,,a@x.example\n", "line 2: there is neither"),
        ('id,name\nalice,"A\n', "line 2"),
    ],
)
def test_wrong_class_list_is_explained_and_nothing_is_written(tmp_path, text, words):
    path, listed = tmp_path / "people.toml", tmp_path / "class.csv"
    listed.write_text(text)
    with pytest.raises(UsageError) as error:
        class_list.add_class(path, listed)
    assert words in str(error.value)
    assert str(listed) in str(error.value)
    assert not path.exists()


# Mistakes in the files


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no people"),
        ("[people.alice\n", "line 1"),
        (f"[people.alice]\nname = 'A'\n\npassword_hash = '{HASH}'\nname = 'B'\n", "line 5"),
        ("[people.alice]\nname = 'A'\n", "line 1, [people.alice]: password_hash is missing"),
        ("[people.alice]\npassword = 'wonderland'\n", "line 2, [people.alice]: a password does not stand"),
        ("[people.alice]\npassword_hash = 'wonderland'\n", "[people.alice]: a hashed password has the form"),
        (f"[people.alice]\npassword_hash = '{HASH[:-8]}'\n", "a part is missing"),
        (f"[people.alice]\npassword_hash = '{HASH.replace('$16$', '$1048577$')}'\n", "power of two"),
        (f"[people.alice]\npassword_hash = '{HASH.replace('$16$', '$4194304$')}'\n", "power of two"),
        (f"[people.alice]\npassword_hash = '{HASH}'\nrole = ['x']\n", "line 3, [people.alice]: role is not"),
        (f"[people.alice]\npassword_hash = '{HASH}'\nroles = 'x'\n", "line 3"),
        (f"[people.alice]\npassword_hash = '{HASH}'\nname = 3\n", "line 3"),
        (f"[people.alice]\npassword_hash = '{HASH}'\nemail = 'x'\n", "no e-mail address"),
        (f"[people.'a b']\npassword_hash = '{HASH}'\n", "line 1, [people.a b]"),
        (f"[people.A]\npassword_hash = '{HASH}'\n[people.a]\npassword_hash = '{HASH}'\n", "same username"),
        ("[person.alice]\n", "line 1: 'person' does not belong here"),
        ("people = 3\n", "a table of its own"),
        ("[people]\nalice = 'x'\n", "line 2: alice stands in [people] itself"),
        ("a = " + "[" * 3000 + "]" * 3000, "line 1"),
        (b"[people.alice]\nname = '\xff'\n", "line 2: this is no UTF-8"),
    ],
)
def test_mistake_in_people_names_file_entry_and_way_out(tmp_path, text, words):
    path = tmp_path / "class 7.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError) as error:
        read_people(path)
    assert str(path) in str(error.value)
    assert words in str(error.value)
    assert "wonderland" not in str(error.value)


CLIENTS = """
[clients.shop]
client_name = "Shop"
token_endpoint_auth_method = "client_secret_basic"
redirect_uris = ["http://127.0.0.1/callback"]
{more}
"""


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            'redirect_uri = ["x"]',
            "line 6, [clients.shop]: redirect_uri is not known; did you mean redirect_uris?",
        ),
        ('redirect_uris = ["x"]', "line 6"),
        ('client_secret = "short"', "line 6, [clients.shop]: a client_secret has 16"),
        ('grant_types = ["authorisation_code"]', "did you mean authorization_code?"),
        ('response_types = ["cod"]', "did you mean code?"),
        ('trusted = "yes"', "true or false"),
        ('jwks_file = "missing.pem"', "missing.pem does not exist"),
        ("jwks = {keys = []}", "keys"),
        ('jwks = "x"', "JWK Set"),
        ('backchannel_logout_uri = "ftp://x"', "begins with http"),
        (
            '[clients.other]\nredirect_uris = ["javascript:alert(1)"]',
            "[clients.other]: 'javascript:alert(1)'",
        ),
        ('[clients.other]\ntoken_endpoint_auth_method = "none"', "client_credentials is for clients that"),
        ('[clients.other]\ntoken_endpoint_auth_method = "private_key_jwt"', "its public key is needed"),
        ('[clients.other]\ngrant_types = ["authorization_code"]', "needs redirect_uris"),
        ('[clients.other]\ntoken_endpoint_auth_method = "magic"', "there are: none, client_secret_basic"),
    ],
)
def test_mistake_in_clients_names_file_entry_and_way_out(tmp_path, more, words):
    path = tmp_path / "clients.toml"
    path.write_text(CLIENTS.format(more=more))
    with pytest.raises(UsageError) as error:
        read_clients(path, api="http://127.0.0.1:1/api", secret=lambda name: "s" * 32)
    assert str(path) in str(error.value)
    assert words in str(error.value)


@pytest.mark.parametrize("option", ["--people", "--clients"])
def test_missing_file_is_said_without_a_traceback(tmp_path, option):
    done = said("--json", "--port", "0", option, str(tmp_path / "none.toml"))
    assert done.returncode == 1
    assert "none.toml does not exist" in done.stderr
    assert "Traceback" not in done.stderr


def test_own_clients_take_the_place_of_the_labs(tmp_path, own_people):
    path = tmp_path / "clients.toml"
    path.write_text(
        CLIENTS.format(more='client_secret = "0123456789abcdef-secret"')
        + '[clients.page]\nredirect_uris = ["http://127.0.0.1/callback"]\n'
        + '[clients.robot]\ntoken_endpoint_auth_method = "client_secret_basic"\n'
    )
    with serving("--port", "0", "--clients", str(path), "--people", str(own_people)) as (_, told):
        assert [each["client_id"] for each in told["clients"]] == ["shop", "page", "robot"]
        assert client_of(told, "shop")["client_secret"] == "0123456789abcdef-secret"
        assert len(client_of(told, "robot")["client_secret"]) > 30
        told_tokens = log_in_as(told, "alice", "correct-horse", client_id="shop")
        assert told_tokens["error"] == "invalid_client"
        robot = ("robot", client_of(told, "robot")["client_secret"])
        form = {"grant_type": "client_credentials", "scope": "notes:read"}
        assert httpx.post(f"{told['issuer']}/token", data=form, auth=robot).status_code == 200


def test_client_named_like_a_person_and_unknown_acts_for_are_refused(tmp_path, own_people):
    path = tmp_path / "clients.toml"
    path.write_text('[clients.alice]\nredirect_uris = ["http://127.0.0.1/callback"]\n')
    with pytest.raises(UsageError, match="as a person is"):
        Served("http://127.0.0.1:1", Options(people=own_people, clients=path))
    path.write_text(CLIENTS.format(more='acts_for = ["carol"]'))
    with pytest.raises(UsageError, match="acts_for names 'carol'"):
        Served("http://127.0.0.1:1", Options(people=own_people, clients=path))


def test_one_row_is_in_the_lessons_and_at_serve(monkeypatch):
    row = lab_clients.LabClient(
        kind="made up",
        always={
            "name": "Made up",
            "token_endpoint_auth_method": "client_secret_basic",
            "grant_types": (protocol.CLIENT_CREDENTIALS,),
            "response_types": (),
        },
        lesson={"client_id": "made-up"},
        served={"client_id": "made-up-served"},
    )
    monkeypatch.setattr(lab_clients, "LAB_CLIENTS", (*lab_clients.LAB_CLIENTS, row))
    world = Lab().world()
    assert world.server.clients["made-up"].name == "Made up"
    assert world.credentials["made-up"].secret == "made-up-secret-for-lessons"
    served = Served("http://127.0.0.1:1", Options())
    assert "made-up-served" in [each["client_id"] for each in served.description()["clients"]]


def test_everybody_with_an_account_takes_the_same_time_as_nobody(own_people, monkeypatch):
    """Who has an account must not be seen by the work that is done: the same hash, computed once."""
    done = []
    original = passwords.Hashed.matches
    monkeypatch.setattr(
        passwords.Hashed, "matches", lambda self, word: done.append(self.n) or original(self, word)
    )
    accounts = Served("http://127.0.0.1:1", Options(people=own_people)).server.accounts
    for name in ("alice", "nobody"):
        done.clear()
        assert accounts.authenticate(name, "wrong") is None
        assert done == [2**4]


def test_hashes_are_read_back_as_they_were_written():
    hashed = passwords.Hashed.of("pässwörd", cost=2**4)
    assert passwords.Hashed.parse(str(hashed)) == hashed
    assert hashed.matches("pässwörd")
    assert passwords.Hashed.of("pässwörd", cost=2**4) != hashed  # a salt of its own
    person = RegisteredPerson("alice", "Alice", "a@mail.example", hashed)
    assert str(hashed.hash) not in repr(person)
    assert people.username_for("Alice  O'Adams") == "alice.o.adams"
    assert len({passwords.make_up() for _ in range(200)}) == 200
    assert json.dumps(passwords.make_up()).count("-") == 3
