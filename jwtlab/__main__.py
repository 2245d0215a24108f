"""``python -m jwtlab`` is ``jwtlab``."""

from __future__ import annotations

import sys

from jwtlab.cli import main

if __name__ == "__main__":
    sys.exit(main())
