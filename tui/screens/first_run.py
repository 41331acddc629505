"""The first screen of a machine on which no CRM was set up yet."""
