"""Pictures of members: only where the member agrees, never under 16, gone when it ends."""

import datetime
import uuid

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions import NotAllowed, Refused, check_may_write
from contributions.deadlines import today
from contributions.pictures import Encoded
from jongerenraad.models import Membership
from jongerenraad.permissions import can_manage_members

log = structlog.get_logger(__name__)

#: No side of a picture is longer, in pixels: a face on a card.
LARGEST_SIDE = 640


class Under16(Refused):
    message = _("Under 16 we show no picture of you.")


class NoMember(Refused):
    message = _("You are no member of the council any more.")


def agree_to_portrait(
    *, membership: Membership, by: User, encoded: Encoded, now: datetime.datetime | None = None
) -> Membership:
    """Show a member's picture on the council's page, instead of the one before.

    Args:
        encoded: the picture, at most ``LARGEST_SIDE`` pixels on a side.

    Raises:
        NotAllowed: it is somebody else's membership.
        MeasureHolds: a measure keeps the person from writing.
        Under16: the member is under 16, or did not tell.
        NoMember: the membership is over.
    """
    if by.pk != membership.person_id:
        raise NotAllowed
    check_may_write(by, now or timezone.now())
    written = ""
    try:
        with transaction.atomic():
            locked = _locked(membership)
            now = now or timezone.now()
            if not locked.is_current(now):
                raise NoMember
            if User.objects.get(pk=by.pk).is_under_16:
                raise Under16
            forget_portrait(locked)
            locked.portrait_agreed_at = now
            locked.portrait.save("portrait.webp", ContentFile(encoded.content), save=False)
            written = locked.portrait.name or ""
            locked.save(update_fields=["portrait", "portrait_key", "portrait_agreed_at"])
    except Exception:
        if written:
            default_storage.delete(written)
        raise
    return locked


def withdraw_portrait(*, membership: Membership, by: User) -> Membership:
    """Take a member's picture away: the member does, or the programme office.

    Raises:
        NotAllowed: somebody else tries.
    """
    if by.pk != membership.person_id and not can_manage_members(by):
        raise NotAllowed
    with transaction.atomic():
        locked = _locked(membership)
        forget_portrait(locked)
        locked.save(update_fields=["portrait", "portrait_key", "portrait_agreed_at"])
        return locked


def forget_portrait(membership: Membership) -> None:
    """Take the picture from a locked row, which is saved after; the file goes once that stands.

    The key is another one from here on, so that no browser shows what it kept under the old one.
    """
    name = membership.portrait.name
    membership.portrait, membership.portrait_agreed_at = "", None
    membership.portrait_key = uuid.uuid4()
    if name:
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)


def forget_old_portraits(*, now: datetime.datetime) -> int:
    """Delete the pictures of who is no member any more or turned out under 16; return how many."""
    old = Membership.objects.with_portrait_to_forget(today(now)).values_list("pk", flat=True)
    for pk in (pks := list(old)):
        with transaction.atomic():
            locked = Membership.objects.select_for_update(no_key=True).get(pk=pk)
            forget_portrait(locked)
            locked.save(update_fields=["portrait", "portrait_key", "portrait_agreed_at"])
    return len(pks)


def _locked(membership: Membership) -> Membership:
    return (
        Membership.objects.select_for_update(no_key=True, of=("self",))
        .select_related("term", "person")
        .get(pk=membership.pk)
    )
