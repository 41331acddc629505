"""A refusal to trash a record is said before the question."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from services.actor import Actor
from services.errors import CrmError, Forbidden, InUse
from services.i18n import _
from tui.protocols import the_app
from tui.runtime.workers import run_in_background
from tui.screens.base.section_spec import record_id
from tui.screens.dialogs.confirm import ConfirmScreen

if TYPE_CHECKING:
    from services.crm import Crm
    from tui.screens.base.section import SectionScreen


def ask_to_trash(
    section: "SectionScreen[Any]", record: Any, trash: "Callable[[Crm, Actor, int], object]"
) -> None:
    """Ask about a record and put it in the trash on yes; where the service would refuse, say why instead."""
    kind, identity, name = section.KIND, record_id(record), section.title_of(record)
    assert kind is not None, "a section whose records go to the trash has a kind"

    def look(crm: "Crm", actor: Actor) -> None:
        from services.trash import require_free

        require_free(crm, actor, kind, identity)

    def ask() -> None:
        done = _("{name} moved to the trash. u: undo.").format(name=name)
        section.actions.ask(_question(name), lambda crm, actor: trash(crm, actor, identity), done)

    ask_where_possible(section, look, ask)


def ask_where_possible(
    section: "SectionScreen[Any]", look: "Callable[[Crm, Actor], object]", ask: Callable[[], object]
) -> None:
    """Call ``ask`` unless ``look``, in a thread, raises the refusal that would come after the question."""
    app = the_app(section)

    def refused(error: CrmError) -> None:
        if isinstance(error, InUse | Forbidden):
            app.refuse(error.message())
        else:
            app.handle(error, lambda: ask_where_possible(section, look, ask))

    run_in_background(
        section, lambda: look(app.crm, app.actor), then=lambda _none: ask(), failed=refused, group="ask"
    )


def _question(name: str) -> ConfirmScreen:
    text = _("{name} will move to the trash. To restore it: filter “In the trash”, then r.")
    return ConfirmScreen(
        _("Put in the trash?"), text.format(name=name), yes=_("Put in the trash"), no=_("Keep")
    )
