"""Turns domain events into telemetry.

It is separate from ``services.monitoring``, which the event bus imports to report failing listeners.
"""

from collections.abc import Mapping

from models.enums import LoginOutcome
from services import monitoring
from services.domain_events import (
    BruteForceSuspected,
    DomainEvent,
    IntegrityViolated,
    PermissionRefused,
    RecordChanged,
    SignedOut,
    SignInAttempted,
)
from services.monitoring import vocabulary
from services.monitoring.vocabulary import typed_username


class IntegrityError(Exception):
    """A database constraint refused a write. The text is the constraint's name, never the values.

    The alert rules of the set-up guide match this class name.
    """


def telemetry_listener(event: DomainEvent) -> None:
    """Send a domain event to Sentry with the texts and fingerprints of the contract."""
    match event:
        case SignInAttempted():
            _sign_in(event)
        case SignedOut():
            _signed_out(event)
        case RecordChanged():
            _record_changed(event)
        case PermissionRefused(actor=actor, rule=rule):
            data = {"actor_id": actor.id, "rule": rule}
            monitoring.add_breadcrumb("permission", rule, "warning", data)
        case BruteForceSuspected(count=count):
            monitoring.capture_message(
                vocabulary.BRUTE_FORCE.format(count=count),
                "error",
                fingerprint=("brute-force",),
                context={"count": count},
            )
        case IntegrityViolated():
            _integrity_violated(event)


def _sign_in(attempt: SignInAttempted) -> None:
    username = typed_username(attempt.username)
    attempted = _auth_step(vocabulary.LOGIN_ATTEMPTED.format(username=username), {"username": username})
    if attempt.outcome is LoginOutcome.ACCEPTED and attempt.actor is not None:
        actor = attempt.actor
        monitoring.set_user_context(actor.id, actor.username, actor.department.value)
        succeeded = _auth_step(
            vocabulary.LOGIN_SUCCEEDED.format(username=actor.username),
            {"user_id": actor.id, "department": actor.department.value},
        )
        monitoring.store_breadcrumbs(actor.session_id, (attempted, succeeded))
    elif attempt.outcome in vocabulary.LOGIN_REFUSED:
        monitoring.capture_message(
            vocabulary.LOGIN_REFUSED[attempt.outcome].format(username=username),
            "warning",
            fingerprint=("login-refused", attempt.outcome.value),
            context={"username": username, "reason": attempt.outcome.value},
        )


def _auth_step(text: str, data: Mapping[str, object]) -> Mapping[str, object]:
    monitoring.add_breadcrumb("auth", text, data=data)
    return {"category": "auth", "message": text, "level": "info", "data": data}


def _signed_out(event: SignedOut) -> None:
    username = event.actor.username
    monitoring.add_breadcrumb(
        "auth", vocabulary.LOGOUT.format(username=username), data={"username": username}
    )
    monitoring.clear_user_context()
    monitoring.delete_breadcrumbs(event.actor.session_id)


def _integrity_violated(violation: IntegrityViolated) -> None:
    tried = vocabulary.attempted_action(violation.action)
    if tried is not None:  # the refused action is the last breadcrumb before the error
        kind, text = tried
        data = {"kind": kind.value, "record_id": None, "action": violation.action}
        monitoring.add_breadcrumb("action", text, data=data)
    table, constraint = violation.table, violation.constraint
    monitoring.capture_exception(
        IntegrityError(constraint).with_traceback(violation.trace),
        context={"table": table, "constraint": constraint},
        fingerprint=("database-integrity", table, constraint),
    )


def _record_changed(change: RecordChanged) -> None:
    text = vocabulary.business_action(change.action, change.kind, change.operation)
    monitoring.add_breadcrumb(
        "action",
        text,
        data={"kind": change.kind.value, "record_id": change.record_id, "action": change.action},
    )
    context: Mapping[str, object] = {
        "record_id": change.record_id,
        "actor_id": change.actor.id,
        "department": change.actor.department.value,
        "action": change.action,
    }
    # An undo sends no message: an alert on signatures must not fire for an undone signature. Nor does a redo:
    # the message of the change itself was sent.
    if not change.undone and (change.action, change.kind) in vocabulary.MESSAGES:
        monitoring.capture_message(text, "info", fingerprint=("business-action", text), context=context)
