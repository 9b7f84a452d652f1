"""Every write about people and roles that has a rule."""

from datetime import datetime, timedelta

import structlog
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from areas.models import Area

from . import cards, moving, naming
from .models import Organisation, OrganisationGrant, Role, RoleGrant, User
from .permissions import can_grant_names, can_grant_roles
from .record import on_the_record

log = structlog.get_logger(__name__)


class GrantRefused(Exception):
    """A role cannot be granted or ended like this."""


class SelfGrant(GrantRefused):
    """Somebody tried to grant something to themselves."""


class NotAGranter(GrantRefused):
    """Somebody who may not grant or end this tried to."""


class ImpossibleGrant(GrantRefused):
    """The dates or the scope of a grant contradict each other or its role."""


class GrantIsOver(GrantRefused):
    """The grant ended earlier."""


class LastAdministrator(GrantRefused):
    """Ending this grant would leave nobody to grant roles."""


class AddressTaken(Exception):
    """The e-mail address belongs to another account."""


@transaction.atomic
def open_account(*, email: str, language: str) -> tuple[User, bool]:
    """Return the account of a confirmed address and whether it is new.

    Only for somebody who has just proved to read mail at ``email``: the address counts as
    confirmed from here on. Two confirmations at once end in the same account.
    """
    address = User.objects.normalize_email(email)
    user = User.objects.filter(email=address).first()
    created = user is None
    if user is None:
        try:
            with transaction.atomic():
                user = User.objects.create_user(address, language=language)
        except IntegrityError:
            user, created = User.objects.get(email=address), False
    confirm_address(user)
    return user, created


def confirm_address(user: User) -> None:
    """Note that somebody proved to read mail at the address of their account."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


@transaction.atomic
def change_address(*, user: User, email: str) -> None:
    """Move an account to another address, after both ends confirmed it.

    Who had none gets their first: from then on they sign in by it, and their card ends.

    Raises ``AddressTaken`` when another account has it.
    """
    now = timezone.now()
    moving.tell(user, now)
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    person.email = User.objects.normalize_email(email)
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
            confirm_address(person)
    except IntegrityError as error:
        raise AddressTaken from error
    cards.end_cards(person, now)
    user.email = person.email


def _tell_age(user: User, age_band: str, now: datetime) -> None:
    user.age_band = age_band
    user.age_confirmed_at = now if age_band else None


@transaction.atomic
def tell_age(*, user: User, age_band: str, now: datetime | None = None) -> User:
    """Store the age group alone; telling it, even the same again, confirms it."""
    now = now or timezone.now()
    naming.lock_around(user)
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _tell_age(person, age_band, now)
    person.save(update_fields=["age_band", "age_confirmed_at"])
    naming.tell(person, now)
    return person


@transaction.atomic
def introduce(
    *,
    user: User,
    display_name: str,
    kind: str,
    business_name: str,
    age_band: str,
    now: datetime | None = None,
) -> User:
    """Store who somebody is on screen; telling the age, even the same again, confirms it."""
    now = now or timezone.now()
    naming.lock_around(user)
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    person.display_name = display_name
    person.kind = kind
    person.business_name = business_name if kind == User.Kind.ENTREPRENEUR else ""
    _tell_age(person, age_band, now)
    person.save(
        update_fields=["display_name", "kind", "business_name", "age_band", "age_confirmed_at"]
    )
    naming.tell(person, now)
    return person


@transaction.atomic
def update_profile(
    *,
    user: User,
    display_name: str,
    kind: str,
    business_name: str,
    area: Area | None,
    age_band: str,
    language: str,
    now: datetime | None = None,
) -> User:
    """Store a whole profile as the person left it."""
    person = introduce(
        user=user,
        display_name=display_name,
        kind=kind,
        business_name=business_name,
        age_band=age_band,
        now=now,
    )
    person.area = area
    person.language = language
    person.save(update_fields=["area", "language"])
    return person


@transaction.atomic
def set_password(*, user: User, password: str) -> None:
    """Give an account a password; every other device is signed out by it."""
    user.set_password(password)
    user.save(update_fields=["password"])


@on_the_record
@transaction.atomic
def grant_role(
    *,
    granted_by: User | None,
    user: User,
    role: str,
    area: Area | None = None,
    language: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> RoleGrant:
    """Record that somebody has a role, where and for how long.

    ``granted_by`` is None only for the command on the server that makes the first administrator.
    Raises ``SelfGrant``, ``NotAGranter`` or ``ImpossibleGrant``.
    """
    starts_at = starts_at or timezone.now()
    if granted_by is not None:
        if granted_by.pk == user.pk:
            raise SelfGrant
        if not can_grant_roles(granted_by):
            raise NotAGranter
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(
                user=user,
                role=role,
                area=area,
                language=language,
                starts_at=starts_at,
                ends_at=ends_at,
                granted_by=granted_by,
            )
    except IntegrityError as error:
        raise ImpossibleGrant from error
    log.info("role granted", grant_id=grant.pk, user_id=user.pk)
    return grant


@on_the_record
@transaction.atomic
def end_grant(*, grant: RoleGrant, ended_by: User, now: datetime | None = None) -> RoleGrant:
    """End a grant at once; the row stays as the record of what was.

    Raises ``NotAGranter``, ``GrantIsOver`` or ``LastAdministrator``.
    """
    # All administrators' grants are locked too: of those who resign at once, one stays.
    locked = RoleGrant.objects.select_for_update(no_key=True).order_by("pk")
    rows = {row.pk: row for row in locked.filter(Q(pk=grant.pk) | Q(role=Role.ADMINISTRATOR))}
    if not can_grant_roles(User.objects.get(pk=ended_by.pk)):
        raise NotAGranter
    row = rows[grant.pk]
    # The moment counts from the lock on: what others ended while this waited is over.
    now = now or timezone.now()
    if row.ends_at is not None and row.ends_at <= now:
        raise GrantIsOver
    if row.role == Role.ADMINISTRATOR and row.is_current(now):
        left = [
            other.user_id
            for other in rows.values()
            if other.pk != row.pk and keeps_admin(other, now)
        ]
        if not User.objects.filter(pk__in=left, is_active=True).exists():
            raise LastAdministrator
    # One that has not begun yet lasts no time worth speaking of.
    row.ends_at = max(now, row.starts_at + row.starts_at.resolution)
    row.save(update_fields=["ends_at"])
    log.info("role ended", grant_id=row.pk, user_id=row.user_id, ended_by_id=ended_by.pk)
    return row


def keeps_admin(grant: RoleGrant, now: datetime) -> bool:
    """Say whether somebody goes on as an administrator by this grant."""
    # A minute on, since the clocks of two machines differ.
    soon = now + timedelta(minutes=1)
    return grant.role == Role.ADMINISTRATOR and grant.is_current(soon)


@on_the_record
@transaction.atomic
def grant_name(
    *,
    granted_by: User,
    user: User,
    organisation: Organisation,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> OrganisationGrant:
    """Record that somebody may write in an organisation's name, and for how long.

    Raises ``SelfGrant``, ``NotAGranter``, or ``ImpossibleGrant``: also for a council, whose seats
    say who writes for it.
    """
    if granted_by.pk == user.pk:
        raise SelfGrant
    if not can_grant_names(granted_by):
        raise NotAGranter
    if organisation.kind == Organisation.Kind.COUNCIL:
        raise ImpossibleGrant
    try:
        with transaction.atomic():
            grant = OrganisationGrant.objects.create(
                user=user,
                organisation=organisation,
                starts_at=starts_at or timezone.now(),
                ends_at=ends_at,
                granted_by=granted_by,
            )
    except IntegrityError as error:
        raise ImpossibleGrant from error
    log.info("name granted", grant_id=grant.pk, user_id=user.pk)
    return grant


@on_the_record
@transaction.atomic
def end_name_grant(
    *, grant: OrganisationGrant, ended_by: User, now: datetime | None = None
) -> OrganisationGrant:
    """End a right to write in a name at once; the row stays, and so does what was written.

    Raises ``NotAGranter`` or ``GrantIsOver``.
    """
    row = OrganisationGrant.objects.select_for_update(no_key=True).get(pk=grant.pk)
    if not can_grant_names(User.objects.get(pk=ended_by.pk)):
        raise NotAGranter
    now = now or timezone.now()
    if row.ends_at is not None and row.ends_at <= now:
        raise GrantIsOver
    row.ends_at = max(now, row.starts_at + row.starts_at.resolution)
    row.save(update_fields=["ends_at"])
    log.info("name ended", grant_id=row.pk, user_id=row.user_id, ended_by_id=ended_by.pk)
    return row
