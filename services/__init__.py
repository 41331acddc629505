"""The use cases, with rights, transactions, lists, search and telemetry.

One use case is one function, one transaction, one right. ``errors``, ``i18n``, ``rights``, ``settings``,
``formats`` and ``domain_events`` load no ORM and may be imported before the first frame.
"""
