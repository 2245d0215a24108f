"""The authorization endpoint: requests, the checks on them, and the responses."""
