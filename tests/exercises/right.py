"""Right answers that do not look like the official solution; their mutants are made, too."""

from __future__ import annotations

FURTHER: dict[str, tuple[str, ...]] = {}
