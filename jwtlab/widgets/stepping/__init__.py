"""What the flow stepper is made of: the message in its editor, the switches, what became of a message."""
