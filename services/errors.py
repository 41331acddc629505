"""The refusals of use cases, as exception types.

``str()`` of an error is its English template without values, so that no log or trace holds typed text.
``message()`` is the translated sentence for the person, with the values filled in.
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
"""The English text of a message; one with a plural takes its form from the value ``count``."""


@dataclass(frozen=True)
class Amounts:
    """Numbers of things, such as "32 clients and 1 event"; those of zero are left out."""

    numbers: Sequence[tuple[Plural, int]]

    def message(self) -> str:
        """The numbers in the active language."""
        shown = [counted(text, number).format(n=number) for text, number in self.numbers if number]
        if len(shown) < 2:
            return "".join(shown)
        return _("{first} and {last}").format(first=", ".join(shown[:-1]), last=shown[-1])


def _filled(template: Template, params: Mapping[str, object]) -> str:
    text = counted(template, cast(int, params["count"])) if isinstance(template, Plural) else _(template)
    return text.format(**{name: _shown(value) for name, value in params.items()})


def _shown(value: object) -> object:
    return value.message() if isinstance(value, Amounts) else value


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field and what would be right; ``template`` is translatable English."""

    field: str
    template: Template
    params: Mapping[str, object] = attribute(default_factory=dict)

    def message(self) -> str:
        """The sentence for the person, in the active language."""
        return _filled(self.template, self.params)


@dataclass(frozen=True)
class FieldChange:
    """One field that somebody changed; the values are as the audit journal keeps them.

    ``who`` is a username, ``who_name`` the name. ``names`` holds those of records that the values name by id.
    """

    field: str
    old: object
    new: object
    who: str
    when: datetime
    who_name: str = ""
    names: "Mapping[tuple[RecordKind, int], str]" = attribute(default_factory=dict, repr=False)


class CrmError(Exception):
    """A refusal that the person can understand and act upon."""

    exit_code: ClassVar[int] = 1
    template: Template = N_("Something went wrong.")

    def __init__(self, template: Template | None = None, /, **params: object) -> None:
        self.template = template or self.template
        self.params = params
        super().__init__(self.template if isinstance(self.template, str) else self.template.plural)

    def message(self) -> str:
        """The sentence for the person, in the active language."""
        return _filled(self.template, self.params)

    def field_problems(self) -> Sequence[FieldProblem]:
        """The fields at fault, empty where no field is."""
        return ()


class Invalid(CrmError):
    """Input that breaks a rule; names every field at fault."""

    exit_code = 2
    template = N_("Some fields need correcting.")

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__()
        self.problems = problems

    @classmethod
    def of(cls, field_name: str, template: str, **params: object) -> "Invalid":
        """The refusal of a single field."""
        return cls(FieldProblem(field_name, template, params))

    def field_problems(self) -> Sequence[FieldProblem]:
        """The fields at fault."""
        return self.problems


class Duplicate(CrmError):
    """A value that must be unique is taken already; names the field, never the value."""

    exit_code = 6
    template = N_("This value is used already.")

    def __init__(self, field_name: str, template: str) -> None:
        super().__init__(template)
        self.field = field_name

    def field_problems(self) -> Sequence[FieldProblem]:
        """The field whose value is taken."""
        return (FieldProblem(self.field, self.template),)


class NotFound(CrmError):
    """The record does not exist, or stands in the trash."""

    exit_code = 5

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(NOT_FOUND[kind], key=key)
        self.kind = kind


class NotTrashed(NotFound):
    """The record is there, but not in the trash, where it was looked for."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(kind, key)
        self.template = NOT_TRASHED[kind]
        self.args = (self.template,)


NOT_TRASHED: Mapping[str, str] = {
    "client": N_("Client {key} is not in the trash."),
    "contract": N_("Contract {key} is not in the trash."),
    "event": N_("Event {key} is not in the trash."),
}

NOT_FOUND: Mapping[str, str] = {
    "collaborator": N_("There is no collaborator {key}."),
    "client": N_("There is no client {key}, or it is in the trash."),
    "contract": N_("There is no contract {key}, or it is in the trash."),
    "payment": N_("There is no payment {key}."),
    "event": N_("There is no event {key}, or it is in the trash."),
    "settings": N_("The settings of this database are missing."),
}


class Forbidden(CrmError):
    """A rule refuses; the sentence says which and who may."""

    exit_code = 4

    def __init__(self, rule: str, template: str, **params: object) -> None:
        super().__init__(template, **params)
        self.rule = rule


class Conflict(CrmError):
    """The record changed since it was read; says who changed which field, from what to what."""

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
    """No valid session: never signed in, expired, revoked, altered, or the account was deactivated."""

    exit_code = 3
    template = N_("You are not signed in. Use 'epicevents login' to sign in.")


class SignInRefused(CrmError):
    """One answer for an unknown user, a wrong password, a locked and an inactive account."""

    exit_code = 3
    # The rule in general, whoever asks: it must not tell whether this account exists or is locked.
    template = N_(
        "Wrong username or password, or the account is locked. Five wrong passwords lock an account for"
        " 15 minutes; Gestion can unlock it."
    )


class DatabaseUnavailable(CrmError):
    """The database cannot be used now: it is away, busy, full, read-only, damaged, empty.

    ``cause`` is one of :class:`services.persistence.faults.Cause`.
    """

    template = N_("The database cannot be reached.")

    def __init__(
        self, template: str | None = None, /, *, cause: str = "unreachable", **params: object
    ) -> None:
        super().__init__(template, **params)
        self.cause = cause


class Cancelled(CrmError):
    """A read was stopped, since nobody waits for its answer any more."""

    template = N_("This was interrupted.")


class DatabaseTooNew(CrmError):
    """The database was written by a newer version of the program."""

    template = N_("The database is newer than this program ({revision}). Update epicevents.")


class DatabaseForeign(CrmError):
    """The database holds the tables of another program; nothing of it was touched."""

    exit_code = 2
    template = N_("This database belongs to another program. Choose an empty one.")


class DatabaseNotUtf8(CrmError):
    """A database whose encoding cannot hold every name; nothing of it was touched."""

    exit_code = 2
    template = N_(
        "The database {place} uses the encoding {encoding}, which cannot hold every name. Create "
        "one in UTF-8 with: createdb --encoding=UTF8 --template=template0 NAME"
    )


class SettingsError(CrmError):
    """A setting that cannot be read; names the variable, never a secret in it."""

    exit_code = 2

    def __init__(self, variable: str, template: str, **params: object) -> None:
        super().__init__(template, variable=variable, **params)
        self.variable = variable


class InUse(CrmError):
    """The record cannot go, since others depend on it; says which."""

    exit_code = 6


class NothingToUndo(CrmError):
    """The actor has made no change that can still be taken back."""

    exit_code = 5
    template = N_("You have no change to undo.")
