"""What the machine lends: folders to write to, a port, a way out."""

from __future__ import annotations

import os
import re
import socket
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from jwtlab.doctor.diagnosis import Diagnosis

PORT = 8888


def home(places: Mapping[str, Path], writable: Callable[[Path], bool]) -> Diagnosis:
    """Can Jupyter write its own files?

    Args:
        places: environment variable that moves it → folder.
        writable: folder → whether it can be written to, or made.
    """
    bad = sorted({str(folder) for folder in places.values() if not writable(folder)})
    if not bad:
        return Diagnosis("home", True, "Jupyter can keep its files")
    remedy = "jwtlab lab keeps them in .jwtlab beside your lessons instead. Or set HOME to a folder of yours."
    return Diagnosis("home", False, f"Jupyter cannot write to {', '.join(bad)}", remedy)


def home_folders() -> dict[str, Path]:
    """Where Jupyter, IPython and matplotlib keep their own files: environment variable → folder."""
    own = Path(os.path.expanduser("~"))
    places = {
        "IPYTHONDIR": Path(os.environ.get("IPYTHONDIR") or own / ".ipython"),
        "MPLCONFIGDIR": Path(os.environ.get("MPLCONFIGDIR") or own),
    }
    try:
        from jupyter_core import paths
    except ImportError:
        return places
    return places | {
        "JUPYTER_DATA_DIR": Path(paths.jupyter_data_dir()),
        "JUPYTER_RUNTIME_DIR": Path(paths.jupyter_runtime_dir()),
        "JUPYTER_CONFIG_DIR": Path(paths.jupyter_config_dir()),
    }


def can_write(folder: Path) -> bool:
    """Can a file be made in this folder, or the folder itself?"""
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def proxy(proxies: Mapping[str, str]) -> list[Diagnosis]:
    """Is there a proxy, and can the explorer of lesson 32 go through it?

    Args:
        proxies: scheme → address, as the environment names them.
    """
    named = proxies.get("https") or proxies.get("all")
    if not named:
        return []
    shown = re.sub(r"//[^/]*@", "//", named)  # without a password
    if "://" in named and not named.startswith(("http://", "https://")):
        finding = f"{shown} is of a kind that the explorer of lesson 32 cannot use"
        return [Diagnosis("proxy", False, finding, "Set HTTPS_PROXY to an http:// proxy, if there is one.")]
    return [Diagnosis("proxy", True, f"{shown}; only the explorer of lesson 32 goes through it")]


def proxies_named() -> dict[str, str]:
    from urllib.request import getproxies  # late: it loads a good part of Python's own library

    return getproxies()


def port(number: int, is_free: Callable[[int], bool]) -> Diagnosis:
    """Is JupyterLab's usual port free? If not, it takes the next one by itself."""
    if is_free(number):
        return Diagnosis("port", True, f"{number} is free")
    finding = f"{number} is in use, probably by another JupyterLab; jwtlab lab takes the next free one"
    return Diagnosis("port", True, finding, "To choose one yourself: jwtlab lab --port 8900")


def port_is_free(number: int) -> bool:
    """Can a server listen on this port of the loopback interface?"""
    with socket.socket() as probe:
        # As the server does it: a port that has just been left may be taken at once.
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


def first_free_port() -> int:
    """JupyterLab's usual port, or the next one that is free, or any."""
    for number in range(PORT, PORT + 50):
        if port_is_free(number):
            return number
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
