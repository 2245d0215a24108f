"""What a trace means: who knows which secret, how long tokens and sessions live, where a login goes wrong."""
