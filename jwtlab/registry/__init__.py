"""What ``jwtlab serve`` is told by files: people with an account, client applications, a class list."""
