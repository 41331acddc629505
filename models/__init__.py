"""Tables, enums, value types, and the read and write models of records.

This package imports no other package of the program. ``enums``, ``text`` and ``read_models`` load neither
SQLModel nor Pydantic, so that the screens may import them before the first frame.
"""
