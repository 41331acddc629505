"""Authentication: passwords, sessions, tokens, and the defence against password guessing."""
