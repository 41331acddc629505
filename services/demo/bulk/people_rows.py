"""The rows of the collaborators and of the clients."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from models.enums import Department
from models.search_words import words_to_copy
from services.demo.bulk.columns import COLUMNS, NEVER, Row, Written
from services.demo.bulk.contracts import first_contact_day
from services.demo.bulk.people import Identity, People
from services.demo.bulk.plan import Plan
from services.demo.definitions import SAMPLE_ACCOUNTS
from services.demo.names_and_phrases import TEAM, SampleCollaborator
from services.demo.staff import new_collaborator
from services.denormalized import computed_columns
from services.denormalized.computed_columns import client_links

_SEARCH: Final = COLUMNS["client"].index("search")
"""The index of the words in a client row."""


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
        for number, department in sorted(self._plan.departments.items()):
            yield self._collaborator(number, self._colleague(number, department))

    def _collaborator(self, number: int, colleague: SampleCollaborator) -> Row:
        calendar, figures = self._plan.calendar, self._plan.figures
        person = new_collaborator(number, colleague, self._hashes)
        computed_columns.refresh_collaborator(person, self._region)
        self._written.colleagues.append(person.sort_name)
        hired = calendar.moment(-2_395, 540 + number % 60)
        return (
            number, 1, hired, hired, person.employee_number, person.username, person.username_key,
            person.first_name, person.last_name, person.email, person.phone, person.phone_e164,
            person.department.name, True, person.password_hash,
            calendar.moment(-1, 480) if person.username in self._hashes else None, person.sort_name,
            person.search, figures.clients_of[number], figures.events_of[number],
        )  # fmt: skip

    def _colleague(self, number: int, department: Department) -> SampleCollaborator:
        if number <= len(SAMPLE_ACCOUNTS):
            return TEAM[number - 1]
        first, last, phone = self._people.colleague(self._plan.people_chances[number])
        letters = "".join(letter for letter in last.folded if letter.isascii() and letter.isalpha())
        username = f"{first.folded[0]}{letters}_{number}"
        return SampleCollaborator(username, first.text.strip(), last.text, department, phone.text)

    def clients(self) -> Iterator[Row]:
        """The rows of all clients, sorted by first contact."""
        plan, written = self._plan, self._written
        for number in range(1, plan.clients + 1):
            person_bits, company_bits = plan.person_bits[number], plan.company_bits[number]
            identity = self._people.client(number, person_bits, company_bits)
            row = self._client(number, identity, company_bits >> 56)
            written.clients.append(identity.name.folded)
            written.words.append(words_to_copy(row[_SEARCH]))
            yield row

    def _client(self, number: int, client: Identity, chance: int) -> Row:
        plan, figures, days = self._plan, self._plan.figures, self._plan.calendar.days
        first = first_contact_day(number, plan.clients)
        last = figures.last[number] or first
        if chance < 100:  # 100 of 256 clients were contacted in the last four weeks
            last = max(last, -1 - chance % 28)
        never = chance > 250 and last == first  # 5 of 256 have no date of a last contact
        created = plan.calendar.moment(first, 480 + chance % 60)
        updated = plan.calendar.moment(last, 1_080) if last != first else created
        trashed = bool(plan.trashed_clients[number])
        seller, contacts = plan.seller(number), (days[first], None if never else days[last])
        links = client_links(seller, *(date.fromisoformat(day) for day in contacts if day))
        return (
            number, 1 + (last != first) + trashed, created, updated, updated if trashed else None,
            client.name.text, client.contact.text, client.email, client.phone.text, client.phone.e164,
            client.company.text, *contacts, seller, client.name.folded,
            client.company.folded, self._written.colleagues[seller], NEVER if never else days[last],
            client.search + "".join(f" {word}" for word in dict.fromkeys(links)),
            figures.contract_count[number], figures.event_count[number],
            figures.contracted[number], figures.due[number],
        )  # fmt: skip
