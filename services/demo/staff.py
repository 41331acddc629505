"""The collaborators of the sample data, and the sales contact of each client by day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from models.enums import Department
from models.tables import Client, Collaborator
from services.demo.dates import Diary, moment
from services.demo.history import History
from services.demo.names_and_phrases import FORMER, TEAM, SampleCollaborator
from services.rights import Action

_FOUNDED: Final = date(2021, 1, 4)
_LEFT_DAYS_AGO: Final = 300


@dataclass(frozen=True)
class Team:
    """The collaborators. ``former`` left on the day ``left``; ``handed_over`` are her clients by email."""

    admin: Collaborator
    sales: tuple[Collaborator, Collaborator]
    support: tuple[Collaborator, Collaborator]
    former: Collaborator
    left: date
    handed_over: dict[str, Client]

    def seller(self, client: Client, sales: Collaborator, day: date) -> Collaborator:
        """The sales contact of a client on that day; ``sales`` is the current one."""
        return self.former if client.email in self.handed_over and day < self.left else sales


def create_team(history: History, diary: Diary, hashes: Mapping[str, str]) -> Team:
    """Create the team. The first account exists from the start, without an entry in the journal."""
    everyone = [
        new_collaborator(number, person, hashes) for number, person in enumerate((*TEAM, FORMER), start=1)
    ]
    admin, *others = everyone
    admin.id = 1
    admin.created_at = admin.updated_at = moment(_FOUNDED, time(9))
    for person in others:
        history.create(admin, moment(_FOUNDED, time(10)), Action.COLLABORATOR_CREATE, person)
    for person in everyone[:-1]:
        person.last_login_at = diary.at(diary.yesterday, 8)
    sales = [person for person in everyone[:-1] if person.department is Department.COMMERCIAL]
    support = [person for person in everyone if person.department is Department.SUPPORT]
    left = diary.after(diary.day(-_LEFT_DAYS_AGO), 0, 0)
    return Team(admin, (sales[0], sales[1]), (support[0], support[1]), everyone[-1], left, {})


def deactivate_former(history: History, team: Team) -> None:
    """Deactivate the former collaborator, and assign her clients to the first of Commercial, in one batch."""
    batch = history.new_batch()
    at = moment(team.left, time(8, 30))
    for client in team.handed_over.values():
        history.change(
            team.admin, at, Action.COLLABORATOR_DEACTIVATE, client, batch, sales_contact_id=team.sales[0]
        )
    history.change(team.admin, at, Action.COLLABORATOR_DEACTIVATE, team.former, batch, active=False)
    team.former.last_login_at = moment(team.left - timedelta(days=3), time(17, 5))


def new_collaborator(number: int, person: SampleCollaborator, hashes: Mapping[str, str]) -> Collaborator:
    """The collaborator with this number; only one with a hash can sign in."""
    return Collaborator(
        employee_number=f"EMP-{number:04d}",
        username=person.username,
        username_key=person.username,
        first_name=person.first_name,
        last_name=person.last_name,
        email=f"{person.username}@epicevents.example",
        phone=person.phone,
        department=person.department,
        # No valid hash, so no password matches it.
        password_hash=hashes.get(person.username, "none"),
    )
