"""The lessons as pages to read and slides to show: a folder that needs no server, no kernel and no network.

::

    make site      # or: jwtlab site FOLDER      the reading edition
    make slides    # or: jwtlab slides FOLDER    a presenter's view of every lesson

Both are made from the committed lessons, whose outputs hold the widgets as still HTML and SVG.
nbconvert's filters turn Markdown and code into HTML; the templates are our own. Why no ready-made
theme: pages of Jupyter Book 2 cannot be opened from a folder (its issue 2630) and its themes are
downloaded while it builds; nbconvert's own templates load scripts from a content network; and none
of them knows how to ask a question without a kernel.
"""
