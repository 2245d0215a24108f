"""JupyterHub for a class on one machine: ``jwtlab classroom hub FOLDER``.

`settings` reads ``hub.toml``; `configuration` turns it into JupyterHub's own; `spawner` starts each learner's
server behind walls; `single_user` is what runs there; `hand_in` takes assignments; `culler` ends idle servers.
"""
