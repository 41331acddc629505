"""The scrubber: removes personal data from everything that leaves the process.

It uses the standard library only and depends neither on Sentry nor on the screens or the database. It
implements the section "Scrubbing" of the telemetry contract.
"""

from services.monitoring.scrubbing.host_identity import Surroundings
from services.monitoring.scrubbing.objects import scrub
from services.monitoring.scrubbing.placeholders import REDACTED
from services.monitoring.scrubbing.sensitive_keys import is_sensitive_name
from services.monitoring.scrubbing.text import scrub_exception_text, scrub_text

__all__ = ["REDACTED", "Surroundings", "is_sensitive_name", "scrub", "scrub_exception_text", "scrub_text"]
