"""The fields for a new password, which all forms share."""

from collections.abc import Mapping

from services.errors import Invalid
from services.i18n import N_
from services.record_fields import FieldKind
from tui.widgets.form.field_spec import FieldSpec, FieldValue

_HELP = N_("At least 12 characters, with a space or a punctuation mark")
_DIFFERENT = N_("The passwords do not match.")


def new_password(name: str, label: str) -> FieldSpec:
    """A new password, checked against the policy when the field loses the focus."""

    def check(typed: str, values: Mapping[str, FieldValue]) -> None:
        from services.auth.passwords import check_policy

        check_policy(typed, str(values.get("username") or ""), name)

    return FieldSpec(name, label, FieldKind.PASSWORD, required=True, help=_HELP, check=check)


def repeated_password(field_name: str) -> FieldSpec:
    """The repetition of the password in another field."""

    def check(typed: str, values: Mapping[str, FieldValue]) -> None:
        if typed != values.get(field_name):
            raise Invalid.of("again", _DIFFERENT)

    return FieldSpec("again", N_("Repeat password"), FieldKind.PASSWORD, required=True, check=check)


def without_repeated_password(sent: Mapping[str, object]) -> dict[str, object]:
    """The values of a form without the repeated password."""
    return {name: value for name, value in sent.items() if name != "again"}
