"""Sample data by the thousand: up to a million clients with contracts, payments and events in proportion.

Everything follows from the number of clients, a seed and a day. The journal stays empty: so many records
were never typed by anybody.
"""
