"""The exceptions of use cases.

``str()`` of an error is its English template without values, so that no log or traceback holds typed text.
``message()`` is the translated sentence for the user, with the values filled in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, cast

from services.i18n import N_, Plural, _, counted

if TYPE_CHECKING:
    from models.enums import RecordKind

Template = str | Plural
"""The English text of a message; the value ``count`` selects the form of a plural."""


@dataclass(frozen=True)
class Amounts:
    """Numbers of things, such as "32 clients and 1 event"; zeros are left out."""

    numbers: Sequence[tuple[Plural, int]]

    def message(self) -> str:
        """The numbers in the active language."""
        shown = [counted(text, number).format(n=number) for text, number in self.numbers if number]
        if len(shown) < 2:
            return "".join(shown)
        return _("{first} and {last}").format(first=", ".join(shown[:-1]), last=shown[-1])


def _filled(template: Template, params: Mapping[str, object]) -> str:
    text = counted(template, cast(int, params["count"])) if isinstance(template, Plural) else _(template)
    shown = {name: each.message() if isinstance(each, Amounts) else each for name, each in params.items()}
    return text.format(**shown)


@dataclass(frozen=True)
class FieldProblem:
    """The problem of one field and its correction; ``template`` is translatable English."""

    field: str
    template: Template
    params: Mapping[str, object] = attribute(default_factory=dict)

    def message(self) -> str:
        """The sentence for the user, in the active language."""
        return _filled(self.template, self.params)


@dataclass(frozen=True)
class FieldChange:
    """The change of one field by a collaborator, with the values of the audit journal.

    ``who`` is a username, ``who_name`` the full name. ``names`` maps the record ids in the values to names.
    """

    field: str
    old: object
    new: object
    who: str
    when: datetime
    who_name: str = ""
    names: "Mapping[tuple[RecordKind, int], str]" = attribute(default_factory=dict, repr=False)


class CrmError(Exception):
    """Base of the errors that the user can understand and act upon."""

    exit_code: ClassVar[int] = 1
    template: Template = N_("Something went wrong.")

    def __init__(self, template: Template | None = None, /, **params: object) -> None:
        self.template = template or self.template
        self.params = params
        super().__init__(self.template if isinstance(self.template, str) else self.template.plural)

    def message(self) -> str:
        """The sentence for the user, in the active language."""
        return _filled(self.template, self.params)

    def field_problems(self) -> Sequence[FieldProblem]:
        """The problems by field; empty if no field is at fault."""
        return ()


class Invalid(CrmError):
    """Invalid input; names every field at fault."""

    exit_code = 2
    template = N_("Some fields need correcting.")

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__()
        self.problems = problems

    @classmethod
    def of(cls, field_name: str, template: str, **params: object) -> "Invalid":
        """The error of a single field."""
        return cls(FieldProblem(field_name, template, params))

    def field_problems(self) -> Sequence[FieldProblem]:
        """The problems by field."""
        return self.problems


class Duplicate(CrmError):
    """A unique value is already in use; names the field, never the value."""

    exit_code = 6
    template = N_("This value is used already.")

    def __init__(self, field_name: str, template: str) -> None:
        super().__init__(template)
        self.field = field_name

    def field_problems(self) -> Sequence[FieldProblem]:
        """The problem of the field with the duplicate value."""
        return (FieldProblem(self.field, self.template),)


class NotFound(CrmError):
    """The record does not exist, or is in the trash. Each ``RecordType`` has the sentence of its kind."""

    exit_code = 5

    def __init__(self, kind: str, key: object, template: str) -> None:
        super().__init__(template, key=key)
        self.kind = kind


class NotTrashed(NotFound):
    """The record exists, but is not in the trash."""


class Forbidden(CrmError):
    """A right is missing; the message names the rule and the collaborators who have the right."""

    exit_code = 4

    def __init__(self, rule: str, template: str, **params: object) -> None:
        super().__init__(template, **params)
        self.rule = rule


class Conflict(CrmError):
    """The record changed since it was read; holds the author, old and new value of each change."""

    exit_code = 6
    template = N_("{who} changed this record while you were editing it.")

    def __init__(
        self,
        kind: str,
        record_id: int,
        version: int,
        changes: Sequence[FieldChange],
        template: str | None = None,
    ) -> None:
        who = sorted({change.who_name or change.who for change in changes})
        super().__init__(template, who=", ".join(who) or _("Another collaborator"))
        self.kind = kind
        self.record_id = record_id
        self.version = version
        self.changes = changes


class NotSignedIn(CrmError):
    """There is no valid session: not signed in, expired, revoked or altered, or the account is inactive."""

    exit_code = 3
    template = N_("You are not signed in. Use 'epicevents login' to sign in.")


class SignInRefused(CrmError):
    """The sign-in failed: unknown user, wrong password, or a locked or inactive account."""

    exit_code = 3
    # The text states the general rule; it must not reveal whether this account exists or is locked.
    template = N_(
        "Wrong username or password, or the account is locked. Five wrong passwords lock an account for"
        " 15 minutes; Gestion can unlock it."
    )


class DatabaseUnavailable(CrmError):
    """The database cannot be used now: it is unreachable, busy, full, read-only, damaged or empty.

    ``cause`` is one of :class:`services.persistence.faults.Cause`.
    """

    template = N_("The database cannot be reached.")

    def __init__(
        self, template: str | None = None, /, *, cause: str = "unreachable", **params: object
    ) -> None:
        super().__init__(template, **params)
        self.cause = cause


class Cancelled(CrmError):
    """A read was interrupted, since its result is no longer needed."""

    template = N_("This was interrupted.")


class DatabaseTooNew(CrmError):
    """A newer version of the program migrated the database."""

    template = N_("The database is newer than this program ({revision}). Update epicevents.")


class DatabaseForeign(CrmError):
    """The database holds the tables of another program; it was not changed."""

    exit_code = 2
    template = N_("This database belongs to another program. Choose an empty one.")


class DatabaseNotUtf8(CrmError):
    """The encoding of the database cannot store every name; it was not changed."""

    exit_code = 2
    template = N_(
        "The database {place} uses the encoding {encoding}, which cannot hold every name. Create "
        "one in UTF-8 with: createdb --encoding=UTF8 --template=template0 NAME"
    )


class SettingsError(CrmError):
    """A setting is invalid; names the variable, never a secret value."""

    exit_code = 2

    def __init__(self, variable: str, template: str, **params: object) -> None:
        super().__init__(template, variable=variable, **params)
        self.variable = variable


class InUse(CrmError):
    """The record cannot be removed, since other records depend on it; names them."""

    exit_code = 6


class NothingToUndo(CrmError):
    """The actor has no change that can be undone."""

    exit_code = 5
    template = N_("You have no change to undo.")


class NothingToRedo(CrmError):
    """The actor has undone nothing, or has made a new change since."""

    exit_code = 5
    template = N_("There is nothing to redo: only what you undid can be redone, until your next change.")


class AccountIsGone(NothingToRedo):
    """The undo removed a new account for good."""

    template = N_(
        "The undo removed a new account for good, so it cannot be redone. Create the account again."
    )


class OtherChange(CrmError):
    """By now another change would be undone or redone than the one that was looked at."""

    exit_code = 6
    template = N_(
        "You have changed something in another terminal meanwhile, so nothing was done. "
        "Try again to see what comes next."
    )
