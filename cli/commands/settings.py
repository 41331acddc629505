"""The command for the settings that are kept in the database."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import completion
from cli.app import INSTALLATION, command
from cli.context import signed_in
from cli.options import Json, PhoneRegion, TimeZone
from cli.output import show_record
from cli.parsing import FieldParser, whole_number
from services.i18n import LANGUAGES, N_, _
from services.iso_codes import CURRENCIES


@command(
    "settings",
    N_("Show the settings of the CRM, or change them (Gestion)."),
    panel=INSTALLATION,
    example="epicevents settings --phone-region BE",
)
def settings(
    currency: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            autocompletion=completion.words(CURRENCIES),
            help=N_("Such as EUR; only while there is no contract."),
        ),
    ] = None,
    phone_region: PhoneRegion = None,
    time_zone: TimeZone = None,
    travel_same_place: Annotated[
        str | None, typer.Option(metavar="MINUTES", help=N_("Way between two events within a postcode."))
    ] = None,
    travel_same_area: Annotated[
        str | None,
        typer.Option(metavar="MINUTES", help=N_("Way between postcodes with the same two first digits.")),
    ] = None,
    travel_elsewhere: Annotated[
        str | None, typer.Option(metavar="MINUTES", help=N_("Way between any two other postcodes."))
    ] = None,
    paper_language: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            autocompletion=completion.words(LANGUAGES),
            help=N_("Of papers for clients without a language: en or fr."),
        ),
    ] = None,
    agency_name: Annotated[str | None, typer.Option(metavar="TEXT", help=N_("As papers have it."))] = None,
    agency_address: Annotated[
        list[str] | None,
        typer.Option(metavar="LINE", help=N_("One line of it; repeat the option for the next line.")),
    ] = None,
    agency_siret: Annotated[
        str | None, typer.Option(metavar="NUMBER", help=N_("14 digits, checked by the last one."))
    ] = None,
    agency_vat: Annotated[
        str | None, typer.Option(metavar="NUMBER", help=N_("VAT number, with the letters of its country."))
    ] = None,
    agency_legal: Annotated[
        str | None, typer.Option(metavar="TEXT", help=N_("Legal form, capital, register and the like."))
    ] = None,
    as_json: Json = False,
) -> None:
    """Change the settings that are given, and print all of them."""
    parser = FieldParser().texts({"currency": currency, "phone_region": phone_region, "time_zone": time_zone})
    parser.texts({"paper_language": paper_language, "agency_name": agency_name, "agency_siret": agency_siret})
    parser.texts({"agency_vat": agency_vat, "agency_legal": agency_legal})
    parser.take("agency_address", "\n".join(agency_address) if agency_address else None)
    parser.take("travel_same_place", travel_same_place, whole_number)
    parser.take("travel_same_area", travel_same_area, whole_number)
    parser.take("travel_elsewhere", travel_elsewhere, whole_number)
    with signed_in() as (crm, actor):
        from models.write_models import SharedSettingsUpdate
        from services import shared_settings

        if not parser.values():
            show_record(crm, shared_settings.read_settings(crm, actor), as_json=as_json)
            return
        changed = shared_settings.update_settings(crm, actor, parser.build(SharedSettingsUpdate))
        show_record(crm, changed, _("The settings are changed."), as_json=as_json)
