"""What pytest loads by its entry point: the fixture ``issuer``. Nothing heavy is imported before a test asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from jwtlab.testing.issuer import Issuer


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """An OpenID provider on loopback for one test: see `jwtlab.testing.Issuer`."""
    from jwtlab.testing.issuer import Issuer

    with Issuer() as made:
        yield made
