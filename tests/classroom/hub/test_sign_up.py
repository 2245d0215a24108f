"""The real hub as it is without any setting: people sign up, the teacher approves, they log in.

The other tests of the hub log in through jwtlab serve; that nobody could log in here was seen by none of them.
"""

from __future__ import annotations

import re

import pytest

pytest.importorskip("jupyterhub")

import hub_class
from hub_class import Learner

pytestmark = pytest.mark.long

WORD = "a long phrase of bob's"


@pytest.fixture(scope="module")
def course(tmp_path_factory, machine):
    folder = tmp_path_factory.mktemp("signup") / "course"
    folder.mkdir()
    (folder / "hub.toml").write_text(f'port = {hub_class.free_ports()}\nwarn_below = "64M"\n')
    with hub_class.hub(folder) as address:
        yield folder, address


def send(learner, path, **fields):
    """Open a page with a form, fill it in, send it off."""
    page = learner.browser.get(f"{learner.address}{path}")
    token = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
    action = re.search(r'<form action="([^"]*)"', page.text)
    assert token, page.text
    assert action, page.text
    target = action[1].replace("&amp;", "&") or path
    return learner.browser.post(f"{learner.address}{target}", data={"_xsrf": token[1], **fields})


def log_in(learner, path="/hub/login"):
    return send(learner, path, username=learner.name, password=learner.password)


def passwords_in(folder):
    return re.findall(r"^Teacher's account +teacher / (\S+)", (folder / "hub.log").read_text(), re.M)


def test_from_sign_up_to_a_server_of_ones_own(course):
    folder, address = course
    bob = Learner(address, "bob", WORD)
    answer = send(bob, "/hub/signup", username="bob", signup_password=WORD, signup_password_confirmation=WORD)
    assert "Your teacher sees your name now" in answer.text
    again = send(bob, "/hub/signup", username="bob", signup_password=WORD, signup_password_confirmation=WORD)
    assert "This name is taken" in again.text
    early = log_in(bob)
    assert early.status_code == 403
    assert "not approved this account yet" in early.text
    stranger = Learner(address, "bob", "another long phrase")
    guessing = log_in(stranger)
    assert guessing.status_code == 403
    assert "Wrong name or password" in guessing.text

    teacher = Learner(address, "teacher", passwords_in(folder)[0])
    asked = teacher.browser.get(f"{address}/hub/authorize")
    assert asked.status_code == 200
    assert "/hub/login?next=" in str(asked.url)
    table = log_in(teacher, "/hub/login?next=%2Fhub%2Fauthorize")
    assert str(table.url) == f"{address}/hub/authorize"
    assert 'href="/hub/authorize/bob"' in table.text

    approve = f"{address}/hub/authorize/bob"
    # A link in a letter, or on another site.
    for headers in ({}, {"Referer": "http://mallory.example/"}, {"Sec-Fetch-Site": "cross-site"}):
        assert teacher.browser.get(approve, headers=headers).status_code == 403
        assert teacher.browser.get(f"{address}/hub/discard/bob", headers=headers).status_code == 403
    assert log_in(bob).status_code == 403
    done = teacher.browser.get(approve, headers={"Sec-Fetch-Site": "same-origin"})
    assert done.status_code == 200
    assert log_in(bob).status_code == 200

    bob.start()
    assert bob.api("GET", "contents/00_start_here.ipynb").status_code == 200
    assert bob.browser.get(f"{address}/hub/authorize").status_code == 403
    assert "You are bob" in bob.browser.get(f"{address}/services/hand-in/").text
    for each in (bob, stranger, teacher):
        each.close()


def test_teachers_password_is_the_last_that_the_start_prints(course):
    folder, _ = course
    text = (folder / "hub.log").read_text()
    assert len(passwords_in(folder)) == 2
    assert "Teacher's account" in text.partition("JupyterHub is now running")[2]
    assert "Authenticator.db" not in text


def test_form_that_has_expired_is_shown_again_with_a_word(course):
    _, address = course
    stranger = Learner(address, "bob", WORD)
    answer = stranger.browser.post(f"{address}/hub/login", data={"username": "bob", "password": WORD})
    assert answer.status_code == 403
    assert "Try again" in answer.text
    assert 'name="password"' in answer.text
    stranger.close()
