"""The table of records: it draws the visible rows of a list of any length and reads them by pages."""
