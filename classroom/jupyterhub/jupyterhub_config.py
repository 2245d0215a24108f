# The settings of JupyterHub for a course. What a teacher decides stands in hub.toml; jwtlab makes the rest of it.
# Anything that JupyterHub knows can be set below, after configure().
import os
import sys
from pathlib import Path

from jwtlab.classroom.hub.configuration import configure
from jwtlab.errors import JwtlabError

c = get_config()  # noqa: F821

try:
    configure(c, Path(os.environ["JWTLAB_COURSE"]) if "JWTLAB_COURSE" in os.environ else Path.cwd())
except JwtlabError as error:
    sys.exit(f"jwtlab: {error}")
