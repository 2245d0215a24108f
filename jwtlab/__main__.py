"""``python -m jwtlab`` is ``jwtlab``.

A file of the learner's own may be called like a module that the command needs: ``token.py``, ``random.py``.
So before anything is loaded, the places where such files lie go to the end of the path. The kernels, which
are processes of their own, still see them where they were: `jwtlab.doctor` says so.
"""

from __future__ import annotations

import os
import sys


def _put_own_files_last() -> None:
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    own = {"", *(os.path.abspath(folder) for folder in (".", *filter(None, named)))}
    sys.path.sort(key=lambda folder: folder in own or os.path.abspath(folder) in own)  # else as it was


def main() -> int:
    """Run the command; gives the exit code."""
    _put_own_files_last()
    from jwtlab import cli  # only now

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
