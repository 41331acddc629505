"""The commands that set up a CRM and keep its database current."""
