"""The least that Textual can do for a key: what the application is measured beside. Each runs by itself."""
