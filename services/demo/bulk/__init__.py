"""Bulk sample data: up to a million clients with contracts, payments and events in proportion.

The number of clients, a seed and a day determine the content. The journal stays empty, since no user entered
these records.
"""
