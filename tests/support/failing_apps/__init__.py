"""Apps that fail in every way that a Textual app can."""
