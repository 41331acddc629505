"""What takes everything personal out of what leaves the process.

Pure functions of the standard library: nothing here knows Sentry, the screens or the database. The rules are
the section "Scrubbing" of the telemetry contract.
"""

from services.monitoring.scrubbing.marks import REDACTED
from services.monitoring.scrubbing.names import is_sensitive_name
from services.monitoring.scrubbing.surroundings import Surroundings
from services.monitoring.scrubbing.text import scrub_exception_text, scrub_text
from services.monitoring.scrubbing.values import scrub

__all__ = ["REDACTED", "Surroundings", "is_sensitive_name", "scrub", "scrub_exception_text", "scrub_text"]
