"""The sample year: first contacts, the contracts that follow, and trashed records."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random
from typing import Final

from models.enums import RecordKind
from models.tables import Client, Collaborator, Contract
from services.demo.contract_history import SITUATIONS, Deal, DealRecorder, Situation
from services.demo.dates import Diary
from services.demo.history import PENDING, History
from services.demo.names_and_phrases import (
    OCCASIONS,
    PROSPECT_COUNT,
    SAMPLE_CLIENTS,
    WEEKDAYS,
    Occasion,
    SampleClient,
    Sector,
)
from services.demo.staff import Team, deactivate_former
from services.rights import Action

# The brief's own ids come first: client 1, contracts up to 652, events up to 1023.
FIRST_IDS: Final = {RecordKind.COLLABORATOR: 2, RecordKind.CONTRACT: 653, RecordKind.EVENT: 1024}
_HANDED_OVER: Final = 3
_CENTS: Final = (Decimal("0.00"), Decimal("0.00"), Decimal("0.50"))


@dataclass(frozen=True)
class Account:
    """A client and its current sales contact. A ``quiet`` one had no contact for more than a month."""

    sample: SampleClient
    client: Client
    sales: Collaborator
    quiet: bool
    occasions: Iterator[Occasion]


def record_year(history: History, diary: Diary, team: Team) -> None:
    """Record all sample data except the examples of the brief."""
    accounts = [_account(number, sample, diary.rng, team) for number, sample in enumerate(SAMPLE_CLIENTS)]
    clients, prospects = accounts[:-PROSPECT_COUNT], accounts[-PROSPECT_COUNT:]
    deals = list(_deals(diary, team, clients))
    met = _first_contacts(diary, deals)
    _hand_over(team, clients, met)
    recorder = DealRecorder(history, diary, team)
    heard: dict[str, date] = {}
    for deal in deals:
        last = recorder.record(deal)
        heard[deal.client.email] = max(last, heard.get(deal.client.email, last))
    for account in clients:
        email = account.client.email
        recent = diary.after(diary.day(-27), 0, 26)
        _record_client(history, diary, team, account, met[email], heard[email] if account.quiet else recent)
    for account in prospects:
        first = diary.after(diary.day(-25), 0, 20)
        _record_client(history, diary, team, account, first, first)
    deactivate_former(history, team)
    _record_trashed(history, diary, team, deals)


def _account(number: int, sample: SampleClient, rng: Random, team: Team) -> Account:
    client = Client(
        full_name=sample.full_name,
        company=sample.company,
        contact_person=sample.contact_person,
        email=sample.email,
        phone=sample.phone,
        language=sample.language,
        sales_contact_id=PENDING,
    )
    # Each kind of event occurs once before it repeats: a client does not marry twice a year.
    occasions = OCCASIONS[sample.sector]
    in_turn = cycle(rng.sample(occasions, len(occasions)))
    return Account(sample, client, team.sales[number % 2], quiet=number % 6 >= 4, occasions=in_turn)


def _deals(diary: Diary, team: Team, accounts: list[Account]) -> Iterator[Deal]:
    # Shared by all situations: there are as many old contracts as clients, so that each client gets one.
    rotations = {
        live: [_rotation(diary.rng, accounts, sales, live) for sales in team.sales] for live in (False, True)
    }
    for situation in SITUATIONS:
        for number in range(situation.count):
            account = next(rotations[situation.live][number % 2])
            yield _deal(diary, situation, number, account, team.support[number // 2 % 2])


def _rotation(rng: Random, accounts: list[Account], sales: Collaborator, live: bool) -> Iterator[Account]:
    theirs = [account for account in accounts if account.sales is sales and not (live and account.quiet)]
    rng.shuffle(theirs)
    return cycle(theirs)


def _deal(diary: Diary, situation: Situation, number: int, account: Account, support: Collaborator) -> Deal:
    rng = diary.rng
    occasion = next(account.occasions)
    attendees = rng.randrange(occasion.attendees[0], occasion.attendees[1], 5)
    event_day = _event_day(diary, situation, number, account.sample.sector)
    return Deal(
        situation=situation,
        client=account.client,
        sales=account.sales,
        support=support,
        occasion=occasion,
        sector=account.sample.sector,
        attendees=attendees,
        total=Decimal(attendees * occasion.price) + rng.choice(_CENTS),
        drawn_up=_drawn_up(diary, situation, number, event_day),
        event_day=event_day,
    )


def _event_day(diary: Diary, situation: Situation, number: int, sector: Sector) -> date | None:
    if situation.event is None:
        return None
    day = _spread(diary, situation.event, number, situation.count)
    first, last = (diary.day(offset) for offset in situation.event)
    for shift in (0, 1, 2, 3, 4, -1, -2, -3, -4):
        shifted = day + timedelta(days=shift)
        if shifted.weekday() in WEEKDAYS[sector] and first <= shifted <= last:
            return shifted
    return day


def _drawn_up(diary: Diary, situation: Situation, number: int, event_day: date | None) -> date:
    if event_day is None:
        return diary.working(_spread(diary, situation.drawn_up, number, situation.count))
    early = event_day - timedelta(days=diary.rng.randint(60, 120))
    return diary.working(min(early, diary.day(-diary.rng.randint(18, 45))))


def _spread(diary: Diary, span: tuple[int, int], number: int, count: int) -> date:
    # Stratified: every day of the range is equally likely, and no part of it stays empty.
    low, high = span
    share = (number + diary.rng.random()) / count
    return diary.day(low + int((high - low + 1) * share))


def _first_contacts(diary: Diary, deals: list[Deal]) -> dict[str, date]:
    earliest: dict[str, date] = {}
    for deal in deals:
        email = deal.client.email
        earliest[email] = min(deal.drawn_up, earliest.get(email, deal.drawn_up))
    return {
        email: diary.working(day - timedelta(days=diary.rng.randint(5, 30)))
        for email, day in earliest.items()
    }


def _hand_over(team: Team, accounts: list[Account], met: dict[str, date]) -> None:
    long_known = [
        account.client
        for account in accounts
        if account.sales is team.sales[0] and met[account.client.email] < team.left
    ]
    team.handed_over.update({client.email: client for client in long_known[:_HANDED_OVER]})


def _record_client(
    history: History, diary: Diary, team: Team, account: Account, first: date, last: date
) -> None:
    client = account.client
    client.first_contact_date = client.last_contact_date = first
    seller = team.seller(client, account.sales, first)
    history.create(seller, diary.at(first, 8), Action.CLIENT_CREATE, client, sales_contact_id=seller)
    if last > first:
        caller = team.seller(client, account.sales, last)
        at = diary.at(last, 18)
        history.change(caller, at, Action.CLIENT_UPDATE, client, last_contact_date=last)


def _record_trashed(history: History, diary: Diary, team: Team, deals: list[Deal]) -> None:
    """Record and trash a duplicate client and a contract for the wrong client."""
    sales, day = team.sales[0], diary.after(diary.day(-16), 0, 3)
    twin = Client(
        full_name="Kevin Cassey",
        company="Cool Startup LLC",
        email="kevin.cassey@startup.example",
        sales_contact_id=PENDING,
    )
    history.create(sales, diary.at(day, 9), Action.CLIENT_CREATE, twin, sales_contact_id=sales)
    history.trash(sales, diary.at(day, 10), Action.CLIENT_TRASH, twin)

    slip = Contract(client_id=PENDING, total_amount=Decimal("1800.00"))
    history.create(team.admin, diary.at(day, 11), Action.CONTRACT_CREATE, slip, client_id=deals[0].client)
    history.trash(team.admin, diary.at(day, 12), Action.CONTRACT_TRASH, slip)
