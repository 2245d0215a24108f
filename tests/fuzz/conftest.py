"""The material of other tests is the fuzzers' too."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("fuzz", "jose", "oauth")]
