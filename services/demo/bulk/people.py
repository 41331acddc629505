"""Generated clients and collaborators, each derived from a number and its random bits."""

from typing import Final, NamedTuple

from services.demo.bulk.phones import PHONES, Phone, Phones
from services.demo.bulk.text_pools import NOTHING, Piece, Pools, join_words, piece

_LABEL_LENGTH: Final = 63  # of one part of a domain (RFC 1035)


class Identity(NamedTuple):
    """The names, email and phone of a client, and its search words."""

    name: Piece
    contact: Piece
    company: Piece
    email: str
    phone: Phone
    search: str


class People:
    """Combines people from the pools."""

    def __init__(self, pools: Pools, phone_region: str) -> None:
        self._pools = pools
        self._phones = Phones(phone_region)

    def client(self, number: int, person_bits: int, company_bits: int) -> Identity:
        """The client with this number; the two others hold 64 random bits each."""
        name, contact = self._named(person_bits)
        company_bits, at = divmod(company_bits, PHONES)
        phone = self._phones.phone(at)
        company = self._company(company_bits, name)
        email, email_words = self._email(number, name, company, company_bits >> 24)
        search = join_words(name.words + contact.words + company.words + email_words + phone.words)
        return Identity(name, contact, company, email, phone, search)

    def called(self, person_bits: int, company_bits: int) -> tuple[Piece, bool]:
        """The name for events of this client, and whether it is that of a company."""
        name, _contact = self._named(person_bits)
        company = self._company(company_bits // PHONES, name)
        return (company, True) if company is not NOTHING else (name, False)

    def colleague(self, chance: int) -> tuple[Piece, Piece, Phone]:
        """First name, family name and phone of a collaborator."""
        chance, first = divmod(chance, len(self._pools.first))
        chance, family = divmod(chance, len(self._pools.family))
        return self._pools.first[first], self._pools.family[family], self._phones.phone(chance % PHONES)

    def _named(self, chance: int) -> tuple[Piece, Piece]:
        chance, contacted = divmod(chance, 16)
        chance, name = self._name(chance)
        return name, self._name(chance)[1] if contacted == 0 else NOTHING

    def _name(self, chance: int) -> tuple[int, Piece]:
        pools = self._pools
        chance, origin = divmod(chance, 200)
        if origin < len(pools.elsewhere):
            chance, at = divmod(chance, len(pools.elsewhere[origin]))
            return chance, pools.elsewhere[origin][at]
        chance, first = divmod(chance, len(pools.first))
        chance, family = divmod(chance, len(pools.family))
        return chance, pools.first[first] + pools.family[family]

    def _company(self, chance: int, name: Piece) -> Piece:
        pools = self._pools
        chance, kind = divmod(chance, 100)
        if kind < 42:
            return NOTHING
        chance, at = divmod(chance, 512)
        chance, form = divmod(chance, len(pools.forms))
        trade = pools.trades[chance % len(pools.trades)]
        if kind < 58:
            return trade + pools.of_towns[at % len(pools.of_towns)]
        if kind < 66:
            return pools.bodies[chance % len(pools.bodies)] + pools.of_towns[at % len(pools.of_towns)]
        if kind < 76:
            line = pools.lines[chance % len(pools.lines)]
            return pools.towns[at % len(pools.towns)] + line + pools.forms[form]
        family = pools.family[chance % len(pools.family)] if kind < 86 else _last(name)
        return trade + family + pools.forms[form] if kind % 3 else family + pools.forms[form]

    def _email(self, number: int, name: Piece, company: Piece, chance: int) -> tuple[str, tuple[str, ...]]:
        words = name.plain if name.folded.isascii() else ("contact",)
        domain = "-".join(company.plain)
        domain_words = company.plain
        if not domain or not domain.isascii() or len(domain) > _LABEL_LENGTH:
            mailbox = self._pools.mailboxes[chance % len(self._pools.mailboxes)]
            domain, domain_words = mailbox.text, mailbox.plain
        # The number makes the address unique.
        local = f"{'.'.join(words)}{number}"
        return f"{local}@{domain}.example", (*words[:-1], f"{words[-1]}{number}", *domain_words, "example")


def _last(name: Piece) -> Piece:
    return piece(name.text.rpartition(" ")[2])
