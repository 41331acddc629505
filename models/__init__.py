"""What things are: tables, enums, value types, and the shapes in which records are read and written.

This package knows nothing of the others. ``enums``, ``text`` and ``shapes_read`` load neither
SQLModel nor Pydantic, so that the screens may name them before the first frame.
"""
