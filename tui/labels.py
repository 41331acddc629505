"""What departments and states are called on screen; translatable English."""

from collections.abc import Mapping

from models.enums import ContractStatus
from services.i18n import N_
from services.labels import DEPARTMENTS, field_label

__all__ = ["DEPARTMENTS", "STATUSES", "field_label"]

STATUSES: Mapping[ContractStatus, str] = {
    ContractStatus.UNSIGNED: N_("unsigned"),
    ContractStatus.SIGNED: N_("signed"),
}
