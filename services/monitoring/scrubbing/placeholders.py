"""The placeholders for removed values, and the limits of depth and size."""

from typing import Final

REDACTED: Final = "[REDACTED]"
CARD: Final = "XXXX-XXXX-XXXX-XXXX"
ADDRESS: Final = "XXX.XXX.XXX.XXX"
"""An IP address, of either version."""

CUT: Final = "[CUT]"
"""The rest of a text or a container that was too long."""
TOO_DEEP: Final = "[TOO DEEP]"
CYCLE: Final = "[CYCLE]"
BIG_NUMBER: Final = "[BIG NUMBER]"
"""A whole number of more than 64 bits, which Sentry refuses."""

TEXT_LIMIT: Final = 8192
"""Characters of a text that are kept: as many as Sentry keeps of a message."""
MARGIN: Final = 1024
"""Characters that are looked at beyond the limit and never kept, so that what straddles it is seen whole."""
DEPTH_LIMIT: Final = 20
"""Containers within containers."""
BREADTH_LIMIT: Final = 2000
"""Entries of one container: a transaction of the SDK holds 1,000 spans."""
NODE_LIMIT: Final = 100_000
"""Values of one call in all: shared references make a small object grow without end."""
