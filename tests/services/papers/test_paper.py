"""What papers say, in the client's language whatever the application speaks."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Barrier, Thread
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import enums
from models.enums import ContractStatus
from models.read_models import ClientRead, ContractRead, EventRead, PaymentRead, SharedSettingsRead
from services import i18n
from services.i18n import _
from services.labels import LANGUAGE_NAMES
from services.papers import text_layout
from services.papers.kinds import PaperKind
from services.papers.paper import write_paper
from services.papers.records import PaperRecords
from services.papers.rendering import render
from services.papers.template_files import ORIGINALS

AT: Final = datetime(2027, 1, 10, 23, 30, tzinfo=UTC)
CLIENT: Final = ClientRead(
    id=12, version=1, full_name="Zoé d'Orgeval", contact_person="Łukasz Wiśniewski",
    email="zoe@orgeval.example",
    phone="06 39 98 12 04", company="Atelier Zoé", first_contact_date=None, last_contact_date=None,
    language="fr", sales_contact_id=1, sales_contact="claire_d", sales_contact_name="Claire Delorme",
    contract_count=1, event_count=1, amount_contracted=Decimal("12500.00"), amount_due=Decimal("8750.50"),
    created=AT, updated=AT, deleted=None,
)  # fmt: skip
CONTRACT: Final = ContractRead(
    id=7, version=1, number="C2027-00007", client=12, client_name=CLIENT.full_name,
    client_company=CLIENT.company, sales_contact_id=1, sales_contact="claire_d",
    sales_contact_name="Claire Delorme", total_amount=Decimal("12500.00"),
    amount_remaining=Decimal("8750.50"), status=ContractStatus.SIGNED, signed_on=date(2027, 1, 12),
    stuck_link="", stuck_since=None, created=AT, updated=AT, deleted=None,
)  # fmt: skip
EVENT: Final = EventRead(
    id=9, version=1, name="Mariage de Zoé", contract=7, contract_number="C2027-00007", client=12,
    client_name=CLIENT.full_name, client_contact="Łukasz Wiśniewski", client_email=CLIENT.email,
    client_phone=CLIENT.phone, sales_contact_id=1, time_zone="Europe/Paris",
    start=datetime(2027, 10, 30, 16, 30, tzinfo=UTC),
    end=datetime(2027, 10, 31, 1, 30, tzinfo=UTC), support_contact_id=None, support_contact="",
    support_contact_name="", support_note="",
    location="Château de la Bourdaisière, 25 rue de la Bourdaisière, 37270 Montlouis-sur-Loire",
    attendees=1200,
    notes="Portail à 15 h.\n\n- Micro : 2\n- Sans lys !",
    created=AT, updated=AT, deleted=None,
)  # fmt: skip
PAYMENT: Final = PaymentRead(
    id=3, contract=7, amount=Decimal("3749.50"), received_on=date(2027, 2, 1), recorded_by="claire_d",
    created=AT, cancelled=None, cancelled_by="", cancel_reason="",
)  # fmt: skip
SETTINGS: Final = SharedSettingsRead(
    id=1, version=1, currency="EUR", phone_region="FR", time_zone="Europe/Paris", paper_language="en",
    agency_name="Epic Events", agency_address="18 quai des Tanneurs\n44000 Nantes",
    agency_siret="73282932000074", agency_vat="FR40303265045", agency_legal="SARL au capital de 20 000 €",
)  # fmt: skip
SHEET: Final = PaperRecords(PaperKind.RUN_SHEET, CLIENT, CONTRACT, EVENT, [PAYMENT], [], SETTINGS, AT)
SUMMARY: Final = replace(SHEET, kind=PaperKind.CONTRACT_SUMMARY, event=None, events=[EVENT])

FRENCH_SHEET: Final = """\
Epic Events
18 quai des Tanneurs
44000 Nantes

Feuille de route · Mariage de Zoé
=================================

Horaires et lieu
----------------
Début           samedi 30 octobre 2027, 18:30 CEST
Fin             dimanche 31 octobre 2027, 02:30 CET
Fuseau horaire  Europe/Paris
Lieu            Château de la Bourdaisière, 25 rue de la Bourdaisière,
                37270 Montlouis-sur-Loire
Participants    1 200

Client
------
Client         Zoé d'Orgeval
Société        Atelier Zoé
Interlocuteur  Łukasz Wiśniewski
E-mail         zoe@orgeval.example
Téléphone      06 39 98 12 04

Contacts de l’agence
--------------------
Support     pas encore affecté
Commercial  Claire Delorme

Contrat
-------
Numéro    C2027-00007
Créé le   11/01/2027
Statut    signé
Signé le  12/01/2027
Total     12 500,00 €
Payé      3 749,50 €
Reste dû  8 750,50 €

Paiements
---------
Reçu le        Montant
01/02/2027  3 749,50 €

Notes
-----
Portail à 15 h.

- Micro : 2
- Sans lys !

Établi le lundi 11 janvier 2027
SIRET 732 829 320 00074
TVA FR40303265045
SARL au capital de 20 000 €
"""
ENGLISH_QUOTE: Final = """\
Epic Events
18 quai des Tanneurs
44000 Nantes

Quote · C2027-00007
===================

Parties
-------
Agency          Epic Events
Sales contact   Claire Delorme
Client          Zoé d'Orgeval
Company         Atelier Zoé
Contact person  Łukasz Wiśniewski
Email           zoe@orgeval.example
Phone           06 39 98 12 04

Contract
--------
Number   C2027-00007
Created  11/01/2027
Status   unsigned
Total    €12,500.00
Paid     €3,749.50
Due      €8,750.50

Payments
--------
None yet.

Events
------
Event           Start                  Location                Attendees
Mariage de Zoé  30/10/2027 18:30 CEST  Château de la               1,200
                                       Bourdaisière, 25 rue
                                       de la Bourdaisière,
                                       37270
                                       Montlouis-sur-Loire

Made on Monday 11 January 2027
SIRET 732 829 320 00074
VAT FR40303265045
SARL au capital de 20 000 €
"""


def as_text(records: PaperRecords) -> str:
    return render(write_paper(records), ORIGINALS / "paper.txt").replace("\u00a0", " ")


def test_a_run_sheet_is_in_the_language_of_its_client() -> None:
    assert as_text(SHEET) == FRENCH_SHEET


def test_a_client_without_a_language_gets_that_of_the_settings_and_an_unsigned_contract_is_a_quote() -> None:
    i18n.activate("fr")
    unsigned = replace(CONTRACT, status=ContractStatus.UNSIGNED, signed_on=None)
    quote = replace(SUMMARY, client=replace(CLIENT, language=""), contract=unsigned, payments=[])
    assert as_text(quote) == ENGLISH_QUOTE
    assert _("Quote") == "Devis"  # the application still speaks French


def test_the_languages_of_papers_are_those_of_the_program() -> None:
    assert i18n.LANGUAGES == enums.LANGUAGES == tuple(LANGUAGE_NAMES)


def test_two_threads_write_papers_in_two_languages_at_once() -> None:
    together, said = Barrier(2), {}

    def speak(language: str) -> None:
        with i18n.speaking(language):
            together.wait(10)
            said[language] = (_("Quote"), i18n.language())
            together.wait(10)

    threads = [Thread(target=speak, args=(language,)) for language in ("en", "fr")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == {"en": ("Quote", "en"), "fr": ("Devis", "fr")}
    assert i18n.language() == "en"


def test_a_zone_that_this_machine_does_not_know_is_replaced_by_its_own() -> None:
    event = replace(EVENT, time_zone="Mars/Olympus")
    paper = write_paper(replace(SHEET, event=event))
    facts = {fact.name: fact.value for section in paper.sections for fact in section.facts}
    assert facts["time_zone"] in facts["start"]


@given(st.text(st.sampled_from("ab é漢\u0301-"), max_size=120), st.integers(2, 30))
def test_wrapping_loses_no_character_and_is_never_too_wide(text: str, width: int) -> None:
    lines = text_layout.wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_layout.cells(line) <= width for line in lines)


@pytest.mark.parametrize("name", ["x" * 300, "漢" * 300, "mot " * 75])
def test_no_line_of_a_text_is_wider_than_the_page(name: str) -> None:
    long = replace(EVENT, name=name, location=name)
    text = as_text(replace(SUMMARY, client=replace(CLIENT, full_name=name), events=[long]))
    assert max(map(text_layout.cells, text.splitlines())) <= text_layout.WIDTH
