"""A form as its parts know it: they import no screen, since the screen imports them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from textual.screen import Screen

if TYPE_CHECKING:
    from services.actor import Actor
    from services.crm import Crm
    from tui.widgets.form.field_spec import FieldValue


class SavedForm(Protocol):
    """A form that is saved; see ``RecordForm``."""

    record: Any

    @property
    def screen(self) -> Screen[Any]: ...

    def values_of(self, record: Any) -> "Mapping[str, FieldValue]": ...
    def command(self, sent: dict[str, object]) -> Any: ...
    def send(self, command: Any) -> None: ...
    def call(self, command: Any, version: int | None) -> Any: ...
    def after_save(self, record: Any) -> None: ...
    def read_again(self, crm: "Crm", actor: "Actor") -> Any: ...
