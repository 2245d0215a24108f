"""HTTP in the lab: messages, the network that records them, a browser in miniature, and steps."""
