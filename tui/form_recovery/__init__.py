"""Keeps changed forms on the disk and offers them again after the program stopped."""
