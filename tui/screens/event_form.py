"""The forms of an event: new for a signed contract, changed by its support contact, assigned by Gestion."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from models.read_models import ContractRead, EventRead
from models.write_models import EventAssign, EventCreate, EventUpdate
from services import assignment, contracts, events, formats, record_fields, scheduling_texts, time_zones
from services.actor import Actor
from services.i18n import N_, _
from services.lists.query import Filter, ListQuery
from services.record_fields import FieldKind
from tui.protocols import the_app
from tui.screens.base.form import RecordForm, RecordUseCases
from tui.screens.dialogs.confirm import ConfirmScreen
from tui.widgets.form.field_spec import FieldSpec, FieldValue, Picked

if TYPE_CHECKING:
    from services.crm import Crm


def search_signed_contracts(crm: "Crm", actor: Actor, typed: str) -> list[Picked]:
    """Signed contracts of the actor's own clients, by number or client."""
    query = ListQuery(frozenset({Filter.MINE, Filter.SIGNED}), search=typed, descending=True)
    return [_picked(contract) for contract in contracts.list_contracts(crm, actor, query, limit=20)]


def _picked(contract: ContractRead) -> Picked:
    return Picked(contract.id, f"{contract.number} {contract.client_name}", contract.client_company)


_CONTRACT = FieldSpec(
    "contract_id", N_("Contract"), FieldKind.PICKER, required=True,
    help=N_("A signed contract of one of your clients"), search=search_signed_contracts,
)  # fmt: skip
_MOST_ZONES: Final = 50


def search_zones(crm: "Crm", _actor: Actor, typed: str) -> list[Picked]:
    """Time zones by any part of their city or name; first of all those of the CRM and of this machine."""
    near = [] if typed.strip() else [crm.shared.time_zone, time_zones.local_zone_name()]
    names = list(dict.fromkeys([*near, *formats.find_zones(typed)]))[:_MOST_ZONES]
    return [_zone(name) for name in names]


def _zone(name: str) -> Picked:
    offset = f"{datetime.now(time_zones.event_zone(name)):%z}"
    return Picked(name, formats.say_zone(name), f"{name} · UTC{offset[:3]}:{offset[3:5]}")


def _with_picker(spec: FieldSpec) -> FieldSpec:
    """A new event has a time zone too, so that the field is never empty."""
    is_zone = spec.kind is FieldKind.ZONE
    return replace(spec, required=True, search=search_zones) if is_zone else spec


_FIELDS = tuple(_with_picker(FieldSpec.of(field)) for field in record_fields.EVENT)
_SUPPORT = FieldSpec(
    "support_contact_id", N_("Support contact"), FieldKind.PICKER,
    help=N_("Delete clears the field: no one is assigned"),
)  # fmt: skip
_REASON = FieldSpec(
    "support_note", N_("Reason"), help=N_("Only if the person is booked otherwise; the journal keeps it")
)


class EventForm(RecordForm[EventRead]):
    """Creates an event, of a given contract or of one to be chosen; or changes it."""

    USE_CASES = RecordUseCases(
        events.create_event, events.update_event, events.get_event, EventCreate, EventUpdate
    )

    def __init__(self, record: EventRead | None = None, *, contract: ContractRead | None = None) -> None:
        super().__init__(record)
        self.contract = contract
        self._settled_doubt = ""

    def title_text(self) -> str:
        """New, or the event's name."""
        return _("New event") if self.record is None else self.record.name

    def fields(self) -> Sequence[FieldSpec]:
        """The contract of a new one, and the rest."""
        return (_CONTRACT, *_FIELDS) if self.record is None else _FIELDS

    def start_values(self) -> Mapping[str, FieldValue]:
        """The contract from which the form was opened, and the time zone of the CRM."""
        zone = {"time_zone": _zone(the_app(self).crm.shared.time_zone)}
        return zone if self.contract is None else {**zone, "contract_id": _picked(self.contract)}

    def values_of(self, record: EventRead) -> Mapping[str, FieldValue]:
        """The values of the event, its times on the clocks of its own zone."""
        zone = time_zones.event_zone(record.time_zone)
        times = {name: formats.edit_datetime(getattr(record, name), zone) for name in ("start", "end")}
        zone_name = record.time_zone or the_app(self).crm.shared.time_zone
        return {**super().values_of(record), **times, "time_zone": _zone(zone_name)}

    def _doubt(self, command: EventCreate | EventUpdate) -> str:
        """The unusual points of new times, translated; empty if there are none."""
        given = command.changes()
        if not given.keys() & {"start", "end"}:
            return ""
        start, end = (given.get(name) or getattr(self.record, name) for name in ("start", "end"))
        own = "" if self.record is None else self.record.time_zone
        zone = str(given.get("time_zone") or own)
        now = the_app(self).crm.database.clock.estimate()
        return " ".join(problem.message() for problem in events.doubts(start, end, now, zone))

    def send(self, command: Any) -> None:
        doubt = self._doubt(command)
        if not doubt or doubt == self._settled_doubt:
            super().send(command)
            return

        def answered(save: bool | None) -> None:
            if save:
                self._settled_doubt = doubt
                self.send(command)

        question = ConfirmScreen(_("Save anyway?"), doubt, yes=_("Save"), no=_("Keep editing"))
        self.app.push_screen(question, answered)


class AssignForm(EventForm):
    """Assigns an event to a support contact, or to no one."""

    def title_text(self) -> str:
        """Which event."""
        assert self.record is not None
        return _("Support contact of {event}").format(event=self.record.name)

    def fields(self) -> Sequence[FieldSpec]:
        """The support contact, and the reason for a conflict."""
        return (replace(_SUPPORT, search=self._search), _REASON)

    def _search(self, crm: "Crm", actor: Actor, typed: str) -> Sequence[Picked]:
        """The support collaborators, the free ones first, each with how they are booked."""
        assert self.record is not None
        found = assignment.candidates(crm, actor, self.record.id, typed)
        return [
            Picked(each.id, each.full_name, scheduling_texts.say_availability(each.availability))
            for each in found
        ]

    def values_of(self, record: EventRead) -> Mapping[str, FieldValue]:
        """The present support contact."""
        person = record.support_contact_id
        contact = Picked(person, record.support_contact_name) if person else None
        return {"support_contact_id": contact, "support_note": record.support_note}

    def shape(self) -> type[EventAssign]:
        """Who runs it."""
        return EventAssign

    def save(self, crm: "Crm", actor: Actor, command: EventAssign, version: int | None) -> EventRead:
        """Assign."""
        assert self.record is not None
        return events.assign_support(
            crm, actor, self.record.id, command.support_contact_id, version, note=command.support_note
        )
