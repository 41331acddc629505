"""Concurrent work on one database in separate processes."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, Final, TypeVar

from models.read_models import EventRead
from models.write_models import ClientCreate, ClientUpdate, CollaboratorUpdate, PaymentCreate
from services import clients, collaborators, contracts, events, payments
from services.actor import Actor
from services.auth import sessions
from services.crm import Crm
from services.domain_events import BruteForceSuspected
from services.errors import Conflict, DatabaseUnavailable, Invalid, SignInRefused
from services.monitoring import local_counters
from services.startup import open_crm
from services.validation import build
from tests.support.accounts import People
from tests.support.crm import settings_for
from tests.support.records import Records

Result = TypeVar("Result")
_NOBODY: Final = 65534
_barrier: Barrier | None = None


def race(work: Callable[..., Result], arguments: Sequence[tuple[Any, ...]]) -> list[Result]:
    """Run the work for each row of arguments concurrently, each in its own process."""
    context = multiprocessing.get_context("forkserver")
    # Load the modules once, in the fork server.
    context.set_forkserver_preload([__name__])
    barrier = context.Barrier(len(arguments), timeout=60)
    with ProcessPoolExecutor(
        len(arguments), mp_context=context, initializer=_keep, initargs=(barrier,)
    ) as pool:
        running = [pool.submit(_together, work, row) for row in arguments]
        return [future.result() for future in running]


def _keep(barrier: Barrier) -> None:
    global _barrier
    _barrier = barrier


def _together(work: Callable[..., Result], row: tuple[Any, ...]) -> Result:
    assert _barrier is not None
    _barrier.wait()
    return work(*row)


def pay(url: str, home: Path, actor: Actor, contract_id: int, amount: str, times: int) -> int:
    """Record payments. Return the number of accepted ones."""
    crm = open_crm(settings_for(url, home))
    return sum(_paid(crm, actor, contract_id, amount) for _ in range(times))


def _paid(crm: Crm, actor: Actor, contract_id: int, amount: str) -> bool:
    try:
        payments.record_payment(crm, actor, contract_id, build(PaymentCreate, {"amount": amount}))
    except Invalid as refusal:
        assert [problem.field for problem in refusal.field_problems()] == ["amount"]  # noqa: PT017
        return False
    return True


def count_up(url: str, home: Path, actor: Actor, client_id: int, times: int) -> int:
    """Increment the number in the client's company, with retries. Return the number of conflicts."""
    crm = open_crm(settings_for(url, home))
    return sum(_count_one(crm, actor, client_id) for _ in range(times))


def _count_one(crm: Crm, actor: Actor, client_id: int) -> int:
    conflicts = 0
    while True:
        client = clients.get_client(crm, actor, client_id)
        command = build(ClientUpdate, {"company": str(int(client.company) + 1)})
        try:
            clients.update_client(crm, actor, client_id, command, client.version)
        except Conflict:
            conflicts += 1
        else:
            return conflicts


def keep_busy(url: str, home: Path, people: People, event: EventRead, times: int) -> int:
    """Write to a shared client, contract and event. Return the number of writes."""
    crm = open_crm(settings_for(url, home))
    records = Records(crm, people)
    client = clients.get_client(crm, people.gestion, event.client)
    contract = contracts.get_contract(crm, people.gestion, event.contract)
    for number in range(times):
        records.payment(contract, "1.00")
        contracts.trash_contract(crm, people.gestion, records.contract(client).id)
        seller, support = [
            (people.commercial, people.support),
            (people.other_commercial, people.other_support),
        ][number % 2]
        _give_to(crm, people, client.id, seller.id)
        events.assign_support(crm, people.gestion, event.id, support.id)
        records.client(seller, email=f"{os.getpid()}.{number}@example.com")
    crm.close()
    return times


def busily(kind: Callable[..., int], *row: object) -> int:
    """Run the work at the start of the row, for a race of several kinds of work."""
    return kind(*row)


def change_the_team(url: str, home: Path, people: People, event: EventRead, times: int) -> int:
    """Rename collaborators, and deactivate one with clients. Return the number of writes."""
    crm = open_crm(settings_for(url, home))
    name = f"leaving_{os.getpid()}"
    leaving = Records(crm, people).collaborator(username=name, email=f"{name}@epicevents.example")
    for number in range(times):
        for person in people:
            renamed = build(CollaboratorUpdate, {"last_name": f"Number {number}"})
            collaborators.update_collaborator(crm, people.gestion, person.id, renamed)
        _give_to(crm, people, event.client, leaving.id)
        collaborators.deactivate_collaborator(crm, people.gestion, leaving.id, people.commercial.id)
        collaborators.reactivate_collaborator(crm, people.gestion, leaving.id)
    crm.close()
    return times


def _give_to(crm: Crm, people: People, client_id: int, seller_id: int) -> None:
    command = build(ClientUpdate, {"sales_contact_id": seller_id})
    clients.update_client(crm, people.gestion, client_id, command)


def fail_to_sign_in(url: str, home: Path, usernames: Sequence[str]) -> list[int]:
    """Sign in with a wrong password as each user. Return the counts of the alerts of this process."""
    crm = open_crm(settings_for(url, home))
    alarmed: list[int] = []
    crm.bus.subscribe(
        lambda what: alarmed.append(what.count) if isinstance(what, BruteForceSuspected) else None
    )
    for username in usernames:
        with suppress(SignInRefused):
            sessions.sign_in(crm, username, "not the password!")
    crm.close()
    return alarmed


def count_errors(home: Path, times: int) -> None:
    """Count errors in this home folder, and write the counters as at the exit of the program."""
    os.environ["XDG_STATE_HOME"] = str(home / "state")
    for _ in range(times):
        local_counters.count("errors")
    local_counters.flush(timeout=10)


def start(url: str, home: Path) -> list[tuple[str | None, str]]:
    """Open the CRM as at the start of the program. Return the migrations that ran."""
    migrated: list[tuple[str | None, str]] = []
    steps = migrated.append
    crm = open_crm(settings_for(url, home), create=True, on_migration=lambda *step: steps(step))
    crm.close()
    return migrated


def write_read_only(url: str, home: Path, actor: Actor) -> tuple[str, str]:
    """Write while the file is read-only, and again when it is writable. Return both outcomes."""
    settings = settings_for(url, home)
    path = Path(url.removeprefix("sqlite:///"))
    path.chmod(0o444)
    owner = os.geteuid()
    if owner == 0:
        os.seteuid(_NOBODY)  # root may write to read-only files
    crm = open_crm(settings)
    refused = _written(crm, actor)
    os.seteuid(owner)
    path.chmod(0o600)
    return refused, _written(crm, actor)


def _written(crm: Crm, actor: Actor) -> str:
    try:
        clients.create_client(crm, actor, build(ClientCreate, {"full_name": "Anna", "email": "a@b.fr"}))
    except DatabaseUnavailable:
        return "unavailable"
    return "written"


def book(url: str, home: Path, gestion: Actor, support_id: int, event_id: int) -> str:
    """Assign a person to an event without a reason; the outcome."""
    crm = open_crm(settings_for(url, home))
    try:
        events.assign_support(crm, gestion, event_id, support_id)
    except Invalid:
        return "warned"
    finally:
        crm.close()
    return "assigned"
