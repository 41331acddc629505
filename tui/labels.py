"""What fields, departments and states are called on screen; translatable English."""

from collections.abc import Mapping

from models.enums import ContractStatus, Department
from services.i18n import N_, _

DEPARTMENTS: Mapping[Department, str] = {
    Department.COMMERCIAL: N_("Commercial"),
    Department.SUPPORT: N_("Support"),
    Department.GESTION: N_("Gestion"),
}
STATUSES: Mapping[ContractStatus, str] = {
    ContractStatus.UNSIGNED: N_("unsigned"),
    ContractStatus.SIGNED: N_("signed"),
}
FIELDS: Mapping[str, str] = {
    "full_name": N_("Full name"),
    "contact_person": N_("Contact person"),
    "email": N_("Email"),
    "phone": N_("Phone"),
    "company": N_("Company"),
    "first_contact_date": N_("First contact"),
    "last_contact_date": N_("Last contact"),
    "sales_contact_id": N_("Sales contact"),
    "client_id": N_("Client"),
    "total_amount": N_("Total"),
    "amount_paid": N_("Paid"),
    "signed_on": N_("Signed on"),
    "contract_id": N_("Contract"),
    "amount": N_("Amount"),
    "received_on": N_("Received on"),
    "recorded_by_id": N_("Recorded by"),
    "name": N_("Name"),
    "start": N_("Start"),
    "end": N_("End"),
    "support_contact_id": N_("Support contact"),
    "location": N_("Location"),
    "attendees": N_("Attendees"),
    "notes": N_("Notes"),
    "employee_number": N_("Employee number"),
    "username": N_("Username"),
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "department": N_("Department"),
    "active": N_("Active"),
    "locked_until": N_("Locked until"),
    "password": N_("Password"),
    "currency": N_("Currency"),
    "phone_region": N_("Phone region"),
    "time_zone": N_("Time zone"),
    "deleted_at": N_("In the trash since"),
}


def field_label(name: str) -> str:
    """A field in the person's language."""
    return _(FIELDS[name]) if name in FIELDS else name
