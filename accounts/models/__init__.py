"""People, and the roles that somebody granted them for a while."""

from .cards import TRIES, Card, CardQuerySet
from .devices import Device, FactorReset, Identity
from .grants import RoleGrant, RoleGrantQuerySet
from .organisations import Organisation, OrganisationGrant, OrganisationGrantQuerySet
from .people import AGE_HOLDS_FOR, User, UserManager
from .record import RoleAct
from .roles import SUMMARY_READERS, Role

__all__ = [
    "AGE_HOLDS_FOR",
    "SUMMARY_READERS",
    "TRIES",
    "Card",
    "CardQuerySet",
    "Device",
    "FactorReset",
    "Identity",
    "Organisation",
    "OrganisationGrant",
    "OrganisationGrantQuerySet",
    "Role",
    "RoleAct",
    "RoleGrant",
    "RoleGrantQuerySet",
    "User",
    "UserManager",
]
