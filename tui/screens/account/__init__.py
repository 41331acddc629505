"""Signing in, first run and passwords."""
