"""The command that opens a CRM of sample data."""
