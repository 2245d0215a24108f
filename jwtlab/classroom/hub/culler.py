"""Ends servers that nobody uses, except during class hours; and says when the disk is nearly full."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from datetime import datetime
from pathlib import Path

from jupyterhub_idle_culler import cull_idle

from jwtlab.classroom.hub import service
from jwtlab.classroom.hub import settings as hub_settings
from jwtlab.classroom.hub.disk import DiskNotice
from jwtlab.classroom.hub.settings import Settings

EVERY_SECONDS = 300
log = logging.getLogger("jwtlab.hub")


def may_cull(settings: Settings, moment: datetime) -> bool:
    """Servers are ended now, if they are idle: nobody has class."""
    return not settings.in_class(moment)


async def round_of(settings: Settings, folder: Path, moment: datetime) -> bool:
    """Look once; gives whether idle servers were looked for."""
    notice = DiskNotice(folder, settings.warn_below)
    if notice:
        log.warning("%s", notice.text)
    if not may_cull(settings, moment):
        return False
    await cull_idle(
        os.environ["JUPYTERHUB_API_URL"],
        os.environ["JUPYTERHUB_API_TOKEN"],
        inactive_limit=settings.idle_minutes * 60,
        logger=log,
    )
    return True


async def main(folder: Path) -> None:
    """Look every few minutes, until the hub ends."""
    settings = hub_settings.read(folder / hub_settings.FILE)
    while True:
        try:
            await round_of(settings, folder, datetime.now())
        except Exception:  # the hub is busy or starting anew: the next round comes
            log.exception("idle servers could not be looked for")
        await asyncio.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    service.run(main(Path(sys.argv[1])))
