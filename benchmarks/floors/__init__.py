"""Minimal Textual applications, the lower bounds with which the program is compared."""
