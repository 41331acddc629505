"""The detail pane of a section."""
