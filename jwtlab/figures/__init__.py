"""Pictures of tokens, keys and time, drawn with matplotlib.

``draw_*(ax, data) -> ax`` paints on any axes and neither shows nor saves. Beside each stands a
function that returns a `Picture`: a notebook shows it once, follows JupyterLab's theme, and reads its
text alternative to whoever cannot see it::

    figures.anatomy(token)

Layouts (`timeline.layout` and the like) need no matplotlib: the widgets draw from the same ones.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jwtlab.figures.anatomy import anatomy, draw_anatomy
    from jwtlab.figures.defences import defence_table, draw_defence_table
    from jwtlab.figures.guessing import draw_guessing_times, guessing_times
    from jwtlab.figures.keys import draw_who_holds_which_key, who_holds_which_key
    from jwtlab.figures.knowledge import draw_who_knows, who_knows
    from jwtlab.figures.lifetimes import draw_token_lifetimes, token_lifetimes
    from jwtlab.figures.matrix import attack_matrix, draw_attack_matrix
    from jwtlab.figures.picture import Picture
    from jwtlab.figures.pipeline import draw_signing_pipeline, signing_pipeline
    from jwtlab.figures.sequence import draw_sequence, sequence
    from jwtlab.figures.sessions import draw_session_map, session_map
    from jwtlab.figures.sizes import draw_sizes, sizes
    from jwtlab.figures.timeline import draw_token_timeline, token_timeline

_WHERE = {
    "anatomy": "anatomy draw_anatomy",
    "keys": "who_holds_which_key draw_who_holds_which_key",
    "defences": "defence_table draw_defence_table",
    "guessing": "guessing_times draw_guessing_times",
    "knowledge": "who_knows draw_who_knows",
    "lifetimes": "token_lifetimes draw_token_lifetimes",
    "matrix": "attack_matrix draw_attack_matrix",
    "picture": "Picture",
    "pipeline": "signing_pipeline draw_signing_pipeline",
    "sequence": "sequence draw_sequence",
    "sessions": "session_map draw_session_map",
    "sizes": "sizes draw_sizes",
    "timeline": "token_timeline draw_token_timeline",
}
_MODULE = {name: module for module, names in _WHERE.items() for name in names.split()}

__all__ = [
    "Picture",
    "anatomy",
    "attack_matrix",
    "defence_table",
    "draw_anatomy",
    "draw_attack_matrix",
    "draw_defence_table",
    "draw_guessing_times",
    "draw_sequence",
    "draw_session_map",
    "draw_signing_pipeline",
    "draw_sizes",
    "draw_token_lifetimes",
    "draw_token_timeline",
    "draw_who_holds_which_key",
    "draw_who_knows",
    "guessing_times",
    "sequence",
    "session_map",
    "signing_pipeline",
    "sizes",
    "token_lifetimes",
    "token_timeline",
    "who_holds_which_key",
    "who_knows",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Names such as ``anatomy`` are a module's and a function's: the function is what one asks for.
    value = getattr(importlib.import_module(f"{__name__}.{_MODULE[name]}"), name)
    globals()[name] = value
    return value
