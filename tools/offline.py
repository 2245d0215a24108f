"""Run a command where there is no network: only this machine's own loopback.

    python tools/offline.py make test
    python tools/offline.py .venv/bin/python -m pytest tests/jose

Linux only, by bubblewrap (``bwrap``), which needs no root: a network namespace of its own without a route.
Before the command, it is tried that nothing outside can be reached, and that loopback can.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

WALLS = ["--dev-bind", "/", "/", "--unshare-net", "--die-with-parent"]
# An address for documentation (RFC 5737): without a route the attempt fails at once, and does not wait.
PROBE = """
import errno, socket
with socket.socket() as server:
    server.bind(("127.0.0.1", 0))
    server.listen()
    socket.create_connection(server.getsockname(), 5).close()
try:
    socket.create_connection(("192.0.2.1", 443), 5)
except OSError as error:
    assert error.errno == errno.ENETUNREACH, error
else:
    raise AssertionError("there is a network")
"""


def main(command: list[str]) -> int:
    if not command:
        print(__doc__)
        return 2
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        print("tools/offline.py needs bubblewrap (the command bwrap), on Linux", file=sys.stderr)
        return 2
    probe = subprocess.run([bwrap, *WALLS, sys.executable, "-c", PROBE], capture_output=True, text=True)
    if probe.returncode:
        print(f"no network namespace can be made here: {probe.stderr.strip()[-300:]}", file=sys.stderr)
        return 2
    return subprocess.run([bwrap, *WALLS, *command]).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
