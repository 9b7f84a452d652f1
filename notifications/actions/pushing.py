"""Choosing a browser to be told on, and choosing it no more."""

import base64
import binascii
import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Device, User
from areas.fetching import NotFetched
from notifications import pushing
from notifications.models import PushSubscription
from notifications.models.push import digest_of

#: On so many browsers somebody is told at most.
AT_MOST = 10
LONGEST_ENDPOINT = 1000
#: The lengths of a browser's public key, as a point on the curve P-256, and of its secret.
_POINT_BYTES, _SECRET_BYTES = 65, 16


class EndpointRefused(Exception):
    """A browser is not told on; its message is a sentence for the person who chose it."""

    def __init__(self, sentence: Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence


NOT_NOW = _("Your browser could not be reached. Try it again later.")
NOT_THIS_ONE = _("This browser cannot be used for messages. You can still be told by e-mail.")
TOO_MANY = _("You are told on 10 devices already. Turn it off on one of them first.")


def subscribe(
    *,
    person: User,
    device: Device,
    endpoint: str,
    p256dh: str,
    auth: str,
    now: datetime.datetime | None = None,
) -> PushSubscription:
    """Let a person be told on the browser that they use; once more changes its keys.

    A browser that somebody else was told on before comes to who uses it now, if the keys are those
    of that very browser: who knows an endpoint alone takes nothing away.

    Raises:
        EndpointRefused: it is no push service, its keys are none, or there are enough of them.
    """
    now = now or timezone.now()
    if len(endpoint) > LONGEST_ENDPOINT or not _are_keys(p256dh, auth):
        raise EndpointRefused(NOT_THIS_ONE)
    # Before anything is locked: a name is looked up.
    try:
        pushing.road().judge(endpoint)
    except NotFetched:
        raise EndpointRefused(NOT_THIS_ONE) from None
    told = {"person": person, "device": device, "p256dh": p256dh, "auth": auth}
    with transaction.atomic():
        # One after the other, so that two at once make no eleventh.
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        row = (
            PushSubscription.objects.select_for_update()
            .filter(endpoint_digest=digest_of(endpoint))
            .first()
        )
        own = PushSubscription.objects.filter(person=person)
        # A browser has one at a time: what it had before leads nowhere any more.
        before, others = own.filter(device=device), own.exclude(device=device)
        if row is not None:
            if row.person_id != person.pk and (row.p256dh, row.auth) != (p256dh, auth):
                raise EndpointRefused(NOT_THIS_ONE)
            before, others = before.exclude(pk=row.pk), others.exclude(pk=row.pk)
        if others.count() >= AT_MOST:
            raise EndpointRefused(TOO_MANY)
        before.delete()
        if row is None:
            row, _made = PushSubscription.objects.get_or_create(
                endpoint_digest=digest_of(endpoint),
                defaults={**told, "endpoint": endpoint, "created_at": now},
            )
        if row.person_id != person.pk and (row.p256dh, row.auth) != (p256dh, auth):
            raise EndpointRefused(NOT_THIS_ONE)
        for name, value in told.items():
            setattr(row, name, value)
        row.save(update_fields=list(told))
    return row


def unsubscribe(*, person: User, endpoint: str) -> None:
    """Tell a person nothing more on a browser; another's is left alone."""
    own = PushSubscription.objects.filter(person=person)
    own.filter(endpoint_digest=digest_of(endpoint)).delete()


def _are_keys(p256dh: str, auth: str) -> bool:
    """Say whether these are the keys of a browser: a point on the curve, and a secret."""
    point, secret = _bytes(p256dh), _bytes(auth)
    if len(point) != _POINT_BYTES or len(secret) != _SECRET_BYTES:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return True


def _bytes(told: str) -> bytes:
    """Return what base64url says; nothing where it is none, or longer than any key."""
    if len(told) > 100 or not told.isascii():
        return b""
    try:
        return base64.b64decode(told + "=" * (-len(told) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
