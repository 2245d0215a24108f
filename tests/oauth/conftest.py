"""What the tests of the endpoints share."""

import pytest
from driving import Place


@pytest.fixture
def place():
    """A server, its API and its clients, in process, with clock and randomness of their own."""
    return Place()
