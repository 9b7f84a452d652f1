"""What a reader does who thinks that a text or a picture should not stand there."""

import datetime
import hashlib
import secrets
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions.closing import open_again
from contributions.actions.moving import locked_row
from contributions.actions.queueing import queue
from contributions.actions.refusals import NotAllowed, Refused
from contributions.actions.undoing import follows_undoing
from contributions.models import Contribution, Decision, Dossier, Mark, Picture, Report
from contributions.text import clean_text

#: An account is fresh for so long; who has none always is.
FRESH_FOR = datetime.timedelta(days=7)
#: So many reports on one text within this time, most of them fresh, look like an agreement.
MANY, WITHIN = 5, datetime.timedelta(days=1)


class NotOnTheSite(Refused):
    message = _("This is not on the site any more. You do not need to report it.")


class OwnText(NotAllowed):
    message = _(
        "This is your own text, or you have a part in it. It can be changed, or taken off the site."
    )


def key_of_reporter(person: User | None, browser: str) -> str:
    """Return what tells one reporter from another: of an account, or of one browser's key.

    It is another digest than answers beside figures have: the two cannot be joined.
    """
    if person is not None:
        return hashlib.sha256(f"report by account {person.pk}".encode()).hexdigest()
    return hashlib.sha256(f"report by browser {browser}".encode()).hexdigest() if browser else ""


def open_report(dossier: Dossier, picture: Picture | None, key: str) -> Report | None:
    """Return the report that somebody has open about a text or a picture."""
    if not key:
        return None
    return (
        Report.objects.open().filter(dossier=dossier, picture=picture, reported_by_key=key).first()
    )


def report(
    *,
    contribution: Contribution,
    picture: Picture | None,
    by: User | None,
    key: str,
    category: str,
    words: str,
    email: str,
    language: str,
    now: datetime.datetime | None = None,
) -> tuple[Report, bool]:
    """Report a text, or one of its pictures. Nothing is hidden by it: a moderator reads it.

    A text that waits for nobody comes into the queue; one that waits keeps its place in it.

    Args:
        key: the ``key_of_reporter``.
        email: where the outcome goes, once for all reports of this thing; empty for none.
        language: what the reporter reads.

    Returns:
        The report, and whether it is new: who has one open about the same thing gets that one.

    Raises:
        NotOnTheSite: it was hidden or taken away, so that not everybody may see it.
        OwnText: it is the reporter's own.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = locked_row(contribution)
        texts: Any = type(locked)._default_manager
        seen_by_all = texts.visible_to(AnonymousUser()).filter(pk=locked.pk)
        if not locked.is_published or not seen_by_all.exists():
            raise NotOnTheSite
        if by is not None and locked.is_of(by):
            raise OwnText
        dossier = locked.dossier
        if picture and not Picture.objects.shown().filter(pk=picture.pk, dossier=dossier).exists():
            raise NotOnTheSite
        if earlier := open_report(dossier, picture, key):
            return earlier, False
        made = Report.objects.create(
            dossier=dossier,
            picture=picture,
            category=category,
            words=clean_text(words),
            language=language,
            reporter=by,
            email="" if _is_told_already(dossier, picture, email) else email,
            token=secrets.token_urlsafe(32),
            reported_by_key=key,
            is_fresh=by is None or by.created_at > now - FRESH_FOR,
            created_at=now,
        )
        if dossier.waiting_since is None and locked.area is not None:
            dossier.area, dossier.language = locked.area, locked.language
            queue(
                dossier,
                Dossier.Review.REPORTED,
                now=now,
                working_days=locked.area.review_working_days,
            )
        _mark_brigading(dossier, now)
        return made, True


def _is_told_already(dossier: Dossier, picture: Picture | None, email: str) -> bool:
    """Say whether an address hears of the outcome anyway: one e-mail tells it."""
    others = Report.objects.open().filter(dossier=dossier, picture=picture)
    return bool(email) and others.filter(email__iexact=email).exists()


@follows_undoing
def _open_again(decision: Decision, undone: Decision) -> None:
    open_again(decision)


def _mark_brigading(dossier: Dossier, now: datetime.datetime) -> None:
    """Show moderators that many new accounts reported one text at once; nothing follows from it."""
    since = now - WITHIN
    fresh = list(
        Report.objects.filter(dossier=dossier, created_at__gt=since).values_list(
            "is_fresh", flat=True
        )
    )
    if len(fresh) < MANY or sum(fresh) * 2 <= len(fresh):
        return
    check = Mark.Check.BRIGADING
    if not Mark.objects.filter(dossier=dossier, check_name=check, found_at__gt=since).exists():
        Mark.objects.create(dossier=dossier, check_name=check, found_at=now)
