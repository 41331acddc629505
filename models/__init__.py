"""Tables, enums, value types, and the models in which records are read and written.

This package imports none of the others. ``enums``, ``text`` and ``read_models`` load neither SQLModel nor
Pydantic, so that the screens may import them before the first frame.
"""
