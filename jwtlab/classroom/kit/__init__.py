"""An offline kit: wheels for the common systems, the lessons, and a page that says how to begin, on a stick."""
