"""A class for the tests: learners who join, try, err, guess and get stuck, each with a seed of their own."""

from __future__ import annotations

import random

import httpx

from jwtlab import exercises

NAMES = ("alice", "bob", "mallory")


class Pupil:
    """One learner's side, as bare HTTP.

    Args:
        client: reaches the board.
        address, word: of the board.
        name: to join with.
    """

    def __init__(self, client: httpx.Client, address: str, word: str, name: str = "") -> None:
        self.client, self.address = client, address
        answer = client.post(f"{address}/join", json={"word": word, "name": name})
        answer.raise_for_status()
        self.secret, self.id, self.number = answer.json()["secret"], answer.json()["learner"], 0

    def event(self, **members):
        self.number += 1
        return {**members, "number": self.number}

    def wrong(self, exercise, mistake):
        return self.event(kind="try", exercise=exercise, verdict="try again", mistake=mistake)

    def right(self, exercise):
        return self.event(kind="try", exercise=exercise, verdict="right", mistake="")

    def opened(self, exercise):
        return self.event(kind="try", exercise=exercise, verdict="not yet", mistake="")

    def chose(self, question, option):
        return self.event(kind="choice", question=question, option=option)

    def help(self, exercise="", on=True):
        return self.event(kind="help", exercise=exercise, on=on)

    def send(self, *events, session="s" * 24, secret=None):
        return self.client.post(
            f"{self.address}/report",
            json={"session": session, "events": list(events)},
            headers={"Authorization": f"Bearer {secret or self.secret}"},
        )


def live_through(pupil: Pupil, number: str, seed: int, after: bool = False) -> None:
    """A learner's way through a lesson: a prediction, exercises with mistakes, sometimes a call for help."""
    chance = random.Random(seed)
    lesson = exercises.lesson(number)
    events = []
    for question in (*lesson.predictions, *lesson.quiz):
        right = [option.right for option in question.options].index(True)
        good = chance.random() < (0.8 if after else 0.35)
        events.append(pupil.chose(question.id, right if good else chance.randrange(len(question.options))))
    for place, exercise in enumerate(() if after else lesson.exercises):
        events.append(pupil.opened(exercise.id))
        weights = [5, 2, *[1] * 50][: len(exercise.mistakes)]
        hard = 0.75 if place == 2 else 0.3
        for _ in range(chance.randrange(6)):
            if chance.random() < hard:
                mistake = chance.choices(exercise.mistakes, weights)[0]
                events.append(pupil.wrong(exercise.id, mistake.id))
        if chance.random() < hard:
            if chance.random() < 0.15:
                events.append(pupil.help(exercise.id))
            break
        events.append(pupil.right(exercise.id))
    for start in range(0, len(events), 40):
        assert pupil.send(*events[start : start + 40]).status_code == 200
