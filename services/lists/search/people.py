"""The people whose names a search may mean, looked up when it begins.

The words of a record name its people by their ids. A term of a search thus has the ids of the people whose
names begin with it as further alternatives, and the index of words serves it like any other word. If the
words held names, those of each record would have to be written again when a person is renamed.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, select

from models.search_words import Term, is_unspaced, person_word, plain_words, words_of
from models.tables import Collaborator, table_of
from services.denormalized import team_names
from services.persistence import prepared

SHORTEST: Final = 3
"""Letters of a name that find a person's records; fewer only if they are a whole word of it.

One letter is the beginning of a third of a team, and would mean a third of all records. It is no name either:
``d`` is not Claire, whose username is ``claire_d``.
"""
_person: Final = table_of(Collaborator).c
_ALL: Final = select(_person.id, _person.first_name, _person.last_name, _person.username)


class TeamNames:
    """The words of the names and usernames of the whole team, in order, with the ids of their people."""

    def __init__(self, connection: Connection) -> None:
        people = prepared.run(connection, _ALL, {}).rows
        named = {
            (word, row[0])
            for row in people
            for word in (*words_of(f"{row[1]} {row[2]}"), *plain_words(row[3]))
            if not word.isdigit()
        }
        self._words = sorted(named)

    def meant_by(self, term: Term) -> list[int]:
        """The ids of the people who have a word that a term begins."""
        return sorted({person for start in term for person in self._beginning(start)})

    def _beginning(self, start: str) -> Iterator[int]:
        if start.isdigit():
            return
        is_long = len(start) >= SHORTEST or is_unspaced(start)
        for place in range(bisect_left(self._words, (start, 0)), len(self._words)):
            word, person = self._words[place]
            if not word.startswith(start) or not (is_long or word == start != word[0]):
                return
            yield person


_held: dict[str, TeamNames] = {}
"""The names under the mark that was read last; another program's marks are others, so it is never wrong."""


def team(connection: Connection) -> TeamNames:
    """The names of the team as this transaction sees them; read again only after a change of them."""
    mark = team_names.mark(connection)
    found = _held.get(mark) or TeamNames(connection)
    if mark and mark not in _held:
        _held.clear()
        _held[mark] = found
    return found


def with_people(connection: Connection, terms: Sequence[Term], marks: str) -> list[Term]:
    """The terms, each with the words for the people that it may mean; ``marks`` are those of such words."""
    if not marks or all(term[0].isdigit() for term in terms):
        return [*terms]
    names = team(connection)
    return [(*term, *_people(names, term, marks)) for term in terms]


def _people(names: TeamNames, term: Term, marks: str) -> Iterator[str]:
    """The words for the people of a term, the last again up to a power of two of them.

    Each other number of words makes other statements.
    """
    words = [person_word(mark, person) for person in names.meant_by(term) for mark in marks]
    yield from words
    if words:
        yield from words[-1:] * ((1 << (len(words) - 1).bit_length()) - len(words))
