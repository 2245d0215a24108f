"""Where people come: cookies, sessions, forms that cannot be forged, and pages."""
