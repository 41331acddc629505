"""The base classes of screens: sections and forms."""
