"""The placeholders for removed values, and the limits of depth and size."""

from typing import Final

REDACTED: Final = "[REDACTED]"
CARD: Final = "XXXX-XXXX-XXXX-XXXX"
ADDRESS: Final = "XXX.XXX.XXX.XXX"
"""An IP address, of either version."""

CUT: Final = "[CUT]"
"""Replaces the rest of a text or container that was too long."""
TOO_DEEP: Final = "[TOO DEEP]"
CYCLE: Final = "[CYCLE]"
BIG_NUMBER: Final = "[BIG NUMBER]"
"""Replaces a whole number of more than 64 bits, which Sentry refuses."""

TEXT_LIMIT: Final = 8192
"""Maximum number of characters of a text, as in Sentry's messages."""
MARGIN: Final = 1024
"""Characters beyond the limit that are scrubbed and then cut, so that a value across the limit is masked."""
DEPTH_LIMIT: Final = 20
"""Maximum depth of nested containers."""
BREADTH_LIMIT: Final = 2000
"""Maximum number of entries of one container; a transaction of the SDK holds 1,000 spans."""
NODE_LIMIT: Final = 100_000
"""Maximum number of values per call: copying shared references can grow a small object exponentially."""
