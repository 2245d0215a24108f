"""What is true of every value of the servers and the client: it cannot be changed, and it prints no secret."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from all_values import dataclasses_of, try_to_add, try_to_change

import jwtlab.oauth.authorization_server
import jwtlab.oauth.client
import jwtlab.oauth.dpop
import jwtlab.oauth.resource_server

CHANGING = {"_Answer"}  # it is filled while the answer is made
VALUES = [
    each
    for each in dataclasses_of(
        jwtlab.oauth.authorization_server,
        jwtlab.oauth.client,
        jwtlab.oauth.dpop,
        jwtlab.oauth.resource_server,
    )
    if each.__name__ not in CHANGING
]


@pytest.mark.parametrize(
    "value_class", VALUES, ids=lambda each: f"{each.__module__}.{each.__qualname__}"[13:]
)
def test_value_cannot_be_changed(value_class):
    with pytest.raises((FrozenInstanceError, TypeError)):  # TypeError with slots: CPython issue 90562
        try_to_change(value_class)
    with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
        try_to_add(value_class)
