from __future__ import annotations

import pytest

from jwtlab.testing import Issuer


@pytest.fixture
def issuer():
    with Issuer() as running:
        yield running
