"""What runs as a learner: bring missing lessons and assignments, then become the server.

It runs behind the walls, where a link that the learner has laid leads nowhere else.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from jwtlab import lessons
from jwtlab.errors import JwtlabError
from jwtlab.jupyter_settings import environment


def bring(home: Path, releases: Path) -> list[str]:
    """Put into a home what is missing; what the learner has changed is never overwritten.

    Returns:
        What could not be done, in words; a full disk keeps nobody from starting.
    """
    said = []
    try:
        lessons.copy_missing(home)
    except (OSError, JwtlabError) as error:
        said.append(f"not all lessons could be copied: {error}")
    try:
        for release in sorted(releases.glob("*/*.ipynb")):
            target = home / "assignments" / release.name
            if not os.path.lexists(target):
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(release, target)
    except OSError as error:
        said.append(f"not all assignments could be copied: {error}")
    return said


def main() -> None:
    """Bring, then start the server in the place of this process."""
    home, releases, *handed_on = sys.argv[1:]
    for words in bring(Path(home), Path(releases)):
        print(f"jwtlab: {words}", file=sys.stderr, flush=True)
    command = [sys.executable, "-P", "-m", "jwtlab.classroom.hub.lean", "server", *handed_on]
    os.execve(command[0], command, environment(Path(home), os.environ, hub=True))


if __name__ == "__main__":
    main()
