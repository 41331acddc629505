"""The history of one contract: created, signed, paid in parts; its event created, assigned, prepared."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from models.tables import Client, Collaborator, Contract, Event, Payment
from services.demo.dates import Diary, moment
from services.demo.history import PENDING, History
from services.demo.names_and_phrases import PLACES, PREPARATIONS, REPORTS, Occasion, Sector
from services.demo.staff import Team
from services.rights import Action

# Shares of the total that are paid at the signature and before the event; the rest is paid after it.
_SHARES: Final = (Decimal("0.3"), Decimal("0.4"))


@dataclass(frozen=True)
class Situation:
    """The state of ``count`` contracts today; every list preset of the brief finds some.

    ``event`` is the range of their events in days from today. ``drawn_up`` is the range of the contracts'
    creation if there is no event. ``parts_paid`` is 0 to 3; 3 means fully paid.
    """

    count: int
    parts_paid: int = 0
    event: tuple[int, int] | None = None
    drawn_up: tuple[int, int] = (0, 0)
    signed: bool = True
    support: bool = True
    notes: bool = True
    called_off: bool = False
    live: bool = True


SITUATIONS: Final = (
    Situation(26, parts_paid=3, event=(-420, -25), live=False),
    Situation(7, parts_paid=2, event=(-60, -8), live=False),  # overdue
    Situation(4, parts_paid=2, event=(-20, -2), notes=False, live=False),
    Situation(6, parts_paid=2, event=(1, 6)),
    Situation(10, parts_paid=1, event=(8, 150)),
    Situation(8, parts_paid=1, event=(4, 90), support=False, notes=False),
    Situation(1, parts_paid=1, event=(30, 60), support=False, called_off=True),
    Situation(5, parts_paid=1, drawn_up=(-60, -12)),
    Situation(5, signed=False, drawn_up=(-12, -1)),
    Situation(6, signed=False, drawn_up=(-70, -17)),
)


@dataclass(frozen=True)
class Deal:
    """One contract with all its random values drawn."""

    situation: Situation
    client: Client
    sales: Collaborator
    support: Collaborator
    occasion: Occasion
    sector: Sector
    attendees: int
    total: Decimal
    drawn_up: date
    event_day: date | None


@dataclass(frozen=True)
class DealRecorder:
    """Adds the steps of deals to the history."""

    history: History
    diary: Diary
    team: Team

    def record(self, deal: Deal) -> date:
        """Add all steps of a deal. Return the day of the last contact with the client."""
        deal = replace(deal, total=deal.total.quantize(self.history.unit))
        contract = Contract(client_id=PENDING, total_amount=deal.total)
        at = self.diary.at(deal.drawn_up, 9)
        self.history.create(self.team.admin, at, Action.CONTRACT_CREATE, contract, client_id=deal.client)
        if not deal.situation.signed:
            return deal.drawn_up
        signed = self.diary.after(deal.drawn_up, 2, 8)
        seller = self.team.seller(deal.client, deal.sales, signed)
        self.history.change(
            seller, self.diary.at(signed, 11), Action.CONTRACT_SIGN, contract, signed_on=signed
        )
        self._record_payments(deal, contract, signed)
        if deal.event_day is not None:
            self._record_event(deal, deal.event_day, contract, signed)
        return signed

    def _record_payments(self, deal: Deal, contract: Contract, signed: date) -> None:
        settled = self.diary.after(deal.event_day or signed, 4, 18)
        days = (self.diary.after(signed, 1, 3), self.diary.after(signed, 20, 30), settled)
        paid = Decimal("0.00")
        for part, day in enumerate(days[: deal.situation.parts_paid]):
            rest = deal.total - paid
            amount = (deal.total * _SHARES[part]).quantize(self.history.unit) if part < 2 else rest
            paid += amount
            seller = self.team.seller(deal.client, deal.sales, day)
            actor = seller if part == 0 else self.team.admin
            pay(self.history, actor, contract, amount, paid, self.diary.at(day, 14 + part))

    def _record_event(self, deal: Deal, day: date, contract: Contract, signed: date) -> None:
        event = self._event(deal, day)
        created = self.diary.after(signed, 1, 4)
        seller = self.team.seller(deal.client, deal.sales, created)
        at = self.diary.at(created, 12)
        self.history.create(seller, at, Action.EVENT_CREATE, event, contract_id=contract)
        if deal.situation.called_off:
            at = self.diary.at(self.diary.after(created, 3, 9), 13)
            self.history.trash(seller, at, Action.EVENT_TRASH, event)
        if not deal.situation.support:
            return
        assigned = self.diary.after(created, 1, 4)
        at = self.diary.at(assigned, 13)
        self.history.change(self.team.admin, at, Action.EVENT_ASSIGN, event, support_contact_id=deal.support)
        if deal.situation.notes:
            self._record_notes(deal, day, event, assigned)

    def _record_notes(self, deal: Deal, day: date, event: Event, assigned: date) -> None:
        rng = self.diary.rng
        notes = rng.choice(PREPARATIONS[deal.sector])
        time_left = (min(day, self.diary.today) - assigned).days
        at = self.diary.at(self.diary.after(assigned, 0, max(0, time_left - 2)), 17)
        self.history.change(deal.support, at, Action.EVENT_UPDATE, event, notes=notes)
        if day < self.diary.yesterday and rng.random() < 0.6:
            at = self.diary.at(day + timedelta(days=1), 18)
            report = f"{notes}\n{rng.choice(REPORTS)}"
            self.history.change(deal.support, at, Action.EVENT_UPDATE, event, notes=report)

    def _event(self, deal: Deal, day: date) -> Event:
        start = moment(day, time(deal.occasion.start_hour))
        return Event(
            contract_id=PENDING,
            name=deal.occasion.name.format(client=deal.client.full_name, company=deal.client.company),
            start=start,
            end=start + timedelta(hours=deal.occasion.hours),
            location=self.diary.rng.choice(PLACES[deal.sector]),
            attendees=deal.attendees,
        )


def pay(
    history: History, actor: Collaborator, contract: Contract, amount: Decimal, paid: Decimal, at: datetime
) -> None:
    """Record a payment of ``amount``, after which ``paid`` is the paid sum of the contract."""
    batch = history.new_batch()
    payment = Payment(
        contract_id=PENDING, amount=amount, received_on=at.astimezone().date(), recorded_by_id=PENDING
    )
    history.create(
        actor, at, Action.PAYMENT_RECORD, payment, batch, contract_id=contract, recorded_by_id=actor
    )
    history.change(actor, at, Action.PAYMENT_RECORD, contract, batch, amount_paid=paid)
