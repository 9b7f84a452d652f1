"""Every write about who somebody is at the provider."""

from collections.abc import Sequence

import structlog
from django.db import IntegrityError, transaction

from accounts.actions import confirm_address
from accounts.models import Identity, User

log = structlog.get_logger(__name__)


class AddressIsKnown(Exception):
    """An account has this address already: its owner links it, nobody else does."""


class IdentityIsKnown(Exception):
    """The identity belongs to another account."""


@transaction.atomic
def holder_of(names: Sequence[str]) -> User | None:
    """Return whose identity this is; one found under an older name gets today's."""
    row = Identity.objects.filter(pseudonym__in=names).select_related("user").first()
    if row is None:
        return None
    if row.pseudonym != names[0]:
        Identity.objects.filter(pk=row.pk).update(pseudonym=names[0])
    return row.user


@transaction.atomic
def open_account_for(*, name: str, email: str, language: str) -> User:
    """Open an account for somebody whose address the provider checked.

    Raises ``AddressIsKnown`` when there is one: an account is never joined like this.
    """
    address = User.objects.normalize_email(email)
    if User.objects.filter(email=address).exists():
        raise AddressIsKnown
    try:
        with transaction.atomic():
            user = User.objects.create_user(address, language=language)
            Identity.objects.create(user=user, pseudonym=name)
    except IntegrityError as error:
        raise AddressIsKnown from error
    confirm_address(user)
    log.info("account opened by identity", user_id=user.pk)
    return user


@transaction.atomic
def link(*, user: User, name: str) -> None:
    """Let somebody sign in to their account with an identity from now on.

    Raises ``IdentityIsKnown`` when it belongs to another account.
    """
    try:
        with transaction.atomic():
            row, _made = Identity.objects.get_or_create(pseudonym=name, defaults={"user": user})
    except IntegrityError as error:
        raise IdentityIsKnown from error
    if row.user_id != user.pk:
        raise IdentityIsKnown
    log.info("identity linked", user_id=user.pk)


@transaction.atomic
def unlink(*, user: User) -> bool:
    """Forget who somebody is at the provider; signing in by code always remains.

    Returns whether there was anything to forget.
    """
    count, _by_model = Identity.objects.filter(user=user).delete()
    if count:
        log.info("identity unlinked", user_id=user.pk)
    return bool(count)
