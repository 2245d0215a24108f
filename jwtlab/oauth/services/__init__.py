"""Programs without people: certificates on a connection, and a build job that trades its token for a cloud's.

`certificates` plays mutual TLS with two real ends of TLS in memory; `builds` is a build service, a cloud, and the
trust rule between them.
"""

from __future__ import annotations

from jwtlab.oauth.services.builds import BUILDS, CLOUD, TRUST, BuildService, Cloud, Traded
from jwtlab.oauth.services.certificates import BOUND, Certificate, Met, meet

__all__ = [
    "BOUND",
    "BUILDS",
    "CLOUD",
    "TRUST",
    "BuildService",
    "Certificate",
    "Cloud",
    "Met",
    "Traded",
    "meet",
]
