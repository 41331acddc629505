"""Signing in: passwords, sessions, tokens, and the defence against guessing."""
