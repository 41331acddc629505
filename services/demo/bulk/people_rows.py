"""The rows of the collaborators and of the clients."""

from collections.abc import Iterator, Mapping

from models.search_words import linked
from services.demo.bulk.columns import NEVER, Row, Written
from services.demo.bulk.contracts import met
from services.demo.bulk.people import Identity, People
from services.demo.bulk.plan import Plan
from services.demo.definitions import SAMPLE_ACCOUNTS
from services.demo.names_and_phrases import TEAM
from services.denormalized import computed_columns


class PeopleRows:
    """Builds the rows of a plan, and notes in ``written`` the values that contracts and events copy."""

    def __init__(
        self, plan: Plan, people: People, written: Written, hashes: Mapping[str, str], phone_region: str
    ) -> None:
        self._plan = plan
        self._people = people
        self._written = written
        self._hashes = hashes
        self._region = phone_region

    def collaborators(self) -> Iterator[Row]:
        """The rows of all collaborators, the sample accounts first; only these have a password."""
        for number, department in sorted(self._plan.staff.departments().items()):
            username, first, last, phone = self._colleague(number)
            yield self._collaborator(number, department.name, username, (first, last), phone)

    def _collaborator(
        self, number: int, department: str, username: str, name: tuple[str, str], phone: str
    ) -> Row:
        calendar, figures = self._plan.calendar, self._plan.figures
        email, employee_number = f"{username}@epicevents.example", f"EMP-{number:04d}"
        sort_name = computed_columns.collaborator_sort_name(*name)
        self._written.colleagues.append(sort_name)
        hired = calendar.moment(-2_395, 540 + number % 60)
        e164_number = computed_columns.e164(phone, self._region)
        # No valid hash, so no password matches it.
        password_hash = self._hashes.get(username, "none")
        return (
            number, 1, hired, hired, employee_number, username, username, *name, email, phone,
            e164_number, department, True, password_hash,
            calendar.moment(-1, 480) if username in self._hashes else None, sort_name,
            computed_columns.collaborator_words(*name, username, email, employee_number, phone, e164_number),
            figures.clients_of[number], figures.events_of[number],
        )  # fmt: skip

    def _colleague(self, number: int) -> tuple[str, str, str, str]:
        if number <= len(SAMPLE_ACCOUNTS):
            known = TEAM[number - 1]
            return known.username, known.first_name, known.last_name, known.phone
        first, last, phone = self._people.colleague(self._plan.people_chances[number])
        letters = "".join(letter for letter in last.folded if letter.isascii() and letter.isalpha())
        return f"{first.folded[0]}{letters}_{number}", first.text.strip(), last.text, phone.text

    def clients(self) -> Iterator[Row]:
        """The rows of all clients, sorted by first contact."""
        plan, written = self._plan, self._written
        for number in range(1, plan.clients + 1):
            who, what = plan.who[number], plan.what[number]
            identity = self._people.client(number, who, what)
            written.clients.append(identity.name.folded)
            written.words.append(linked(identity.search))
            yield self._client(number, identity, what >> 56)

    def _client(self, number: int, client: Identity, luck: int) -> Row:
        plan, figures, days = self._plan, self._plan.figures, self._plan.calendar.days
        first = met(number, plan.clients)
        last = figures.last[number] or first
        if luck < 100:  # 100 of 256 clients were contacted in the last four weeks
            last = max(last, -1 - luck % 28)
        never = luck > 250 and last == first
        created = plan.calendar.moment(first, 480 + luck % 60)
        updated = plan.calendar.moment(last, 1_080) if last != first else created
        trashed = bool(plan.trashed_clients[number])
        seller = plan.seller(number)
        return (
            number, 1 + (last != first) + trashed, created, updated, updated if trashed else None,
            client.name.text, client.contact.text, client.email, client.phone.text, client.phone.e164,
            client.company.text, days[first], None if never else days[last], seller, client.name.folded,
            client.company.folded, self._written.colleagues[seller], NEVER if never else days[last],
            client.search, figures.contract_count[number], figures.event_count[number],
            figures.contracted[number], figures.due[number],
        )  # fmt: skip
