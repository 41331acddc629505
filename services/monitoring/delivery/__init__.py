"""Sending envelopes: the transport, the spool on disk, the sender and rate limits."""
