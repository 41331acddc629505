"""Apps that fail on every path of Textual."""
