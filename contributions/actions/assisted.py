"""What a trusted messenger does at a talk: open it, write down what people tell, close it."""

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.record import on_the_record
from accounts.sealing import seal
from areas.models import Area
from contributions import slips
from contributions.actions.handing_in import put_in
from contributions.actions.moving import locked_row
from contributions.actions.refusals import NotAllowed, Refused
from contributions.actions.taking_part import check_may_write
from contributions.deadlines import today
from contributions.models import AssistedSession, AuthorAct, Contribution, Telling
from contributions.permissions import can_hold_talk
from contributions.review import reasons_to_review_told
from contributions.text import clean_line

#: Nobody knows beforehand who is called back.
_lot = random.SystemRandom()


class TalkOpenAlready(Refused):
    message = gettext_lazy("You have a talk open today already. Close that one first.")


class TalkIsOver(Refused):
    message = gettext_lazy(
        "This talk was on another day, so it can't be opened again. Open a new one: what was told "
        "stays where it is."
    )


class TalkClosed(Refused):
    message = gettext_lazy(
        "This talk is closed. Open it again, or open a new one, and send this once more."
    )


class TooManyTellings(Refused):
    message = gettext_lazy("This talk is full. Close it, and open a new one.")


class DayIsFull(TooManyTellings):
    message = gettext_lazy(
        "This day is full: you wrote down what very many people told. Go on tomorrow."
    )


class ConsentMissing(Refused):
    message = gettext_lazy("Ask first whether they agree, and tick it.")


class AnotherEntry(Refused):
    message = gettext_lazy(
        "You sent this form before, with other words: those are in. If this is something new, "
        "send it once more."
    )


@dataclass(frozen=True)
class Entry:
    """What comes with the words that somebody told.

    Args:
        key: made on the device, another one for each person; the same one when it is sent again.
        digest: tells the words of one entry from those of another.
        first_name: of the person; empty for nobody.
        is_16: whether the person said that they are 16 or older.
        has_consent: whether the person agreed, and the messenger ticked it.
        telephone: for a call by a second person; kept for those alone who are called.
        is_late: whether it waited on a device for a line.
    """

    key: str
    digest: str
    first_name: str
    is_16: bool
    has_consent: bool
    telephone: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Slip:
    """What somebody takes home who told something. ``code`` is empty once it can't be shown."""

    telling: Telling
    code: str
    is_new: bool


def _lock_messenger(by: User) -> None:
    """Let one act of a messenger wait for the other, so that what is counted stays true."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)


def _check_can_hold(by: User, area: Area, language: str) -> None:
    if not can_hold_talk(by, area, language):
        raise NotAllowed(
            _("You are not a contact person in this language here. Ask the programme office.")
        )


@on_the_record
def open_session(
    *, by: User, place: str, language: str, area: Area, now: datetime.datetime | None = None
) -> AssistedSession:
    """Open a talk, for today.

    Raises:
        NotAllowed: the person is no messenger there in this language.
        MeasureHolds: the person may not write now.
        TalkOpenAlready: another one of theirs is open today.
    """
    now = now or timezone.now()
    _check_can_hold(by, area, language)
    check_may_write(by, now)
    with transaction.atomic():
        _lock_messenger(by)
        _check_none_open(by, now)
        return AssistedSession.objects.create(
            held_by=by,
            place=clean_line(place),
            language=language,
            area=area,
            date=today(now),
            opened_at=now,
        )


def _check_none_open(by: User, now: datetime.datetime) -> None:
    opened = AssistedSession.objects.filter(held_by=by, date=today(now), closed_at__isnull=True)
    if opened.exists():
        raise TalkOpenAlready


@on_the_record
def close_session(
    *, session: AssistedSession, by: User, now: datetime.datetime | None = None
) -> AssistedSession:
    """Close a talk; closing it twice is the same."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = _own(session, by)
        if locked.closed_at is None:
            locked.closed_at = now
            locked.save(update_fields=["closed_at"])
        return locked


@on_the_record
def reopen_session(
    *, session: AssistedSession, by: User, now: datetime.datetime | None = None
) -> AssistedSession:
    """Open a talk again that was closed, on its own day.

    Raises:
        TalkIsOver: its day is over.
        TalkOpenAlready: another one of theirs is open today.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = _own(session, by)
        if locked.date != today(now):
            raise TalkIsOver
        _check_can_hold(by, locked.area, locked.language)
        if locked.closed_at is not None:
            _check_none_open(by, now)
            locked.closed_at = None
            locked.save(update_fields=["closed_at"])
        return locked


def _own(session: AssistedSession, by: User) -> AssistedSession:
    """Lock a messenger, and return their talk as it is now."""
    _lock_messenger(by)
    fresh = AssistedSession.objects.select_related("area").get(pk=session.pk)
    if fresh.held_by_id != by.pk:
        raise NotAllowed
    return fresh


@on_the_record
def take_down(
    *,
    session: AssistedSession,
    by: User,
    entry: Entry,
    write: Callable[[], Contribution],
    now: datetime.datetime | None = None,
) -> Slip:
    """Keep what one person told: as a text of nobody's account yet, with a slip for the person.

    The same entry sent again is answered with the same slip, also when the talk is closed by then.

    Args:
        write: makes the draft that holds the words, without an author.

    Raises:
        NotAllowed: it is somebody else's talk, or the person is no messenger there any more.
        MeasureHolds: the messenger may not write now.
        ConsentMissing: the person was not asked.
        TalkClosed: the talk is closed, or its day is over.
        TooManyTellings: no more may come out of this talk, or from this messenger on that day.
        AnotherEntry: these are other words under the key of an earlier entry.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = _own(session, by)
        earlier = Telling.objects.filter(session=locked, entry_key=entry.key).first()
        if earlier is not None:
            if earlier.entry_digest != entry.digest:
                raise AnotherEntry
            return Slip(earlier, slips.code_to_show(earlier), is_new=False)
        _check_can_hold(by, locked.area, locked.language)
        check_may_write(by, now)
        if not entry.has_consent:
            raise ConsentMissing
        if not (locked.is_open_at(now) or (entry.is_late and locked.takes_late_at(now))):
            raise TalkClosed
        _check_room(locked)
        text = locked_row(write())
        is_chosen = _lot.random() < settings.ASSISTED_CHECK_SHARE
        code = slips.new_code()
        telling = Telling.objects.create(
            dossier=text.dossier,
            session=locked,
            first_name=clean_line(entry.first_name),
            is_16=entry.is_16,
            consent_at=now,
            entry_key=entry.key,
            entry_digest=entry.digest,
            slip_digest=slips.digest_of(code),
            slip_sealed=seal(code),
            slip_until=today(now) + datetime.timedelta(days=settings.SLIP_DAYS),
            call_back=Telling.CallBack.WAITING if is_chosen else Telling.CallBack.NONE,
            # Who is not called did not need to give it.
            telephone=seal(entry.telephone) if is_chosen and entry.telephone else "",
            created_at=now,
        )
        reasons = reasons_to_review_told(
            messenger=by,
            is_16=entry.is_16,
            is_chosen=is_chosen,
            area=locked.area,
            language=locked.language,
            now=now,
        )
        put_in(text, act=AuthorAct.Act.ENTERED, by=by, reasons=reasons, now=now)
        return Slip(telling, code, is_new=True)


def _check_room(session: AssistedSession) -> None:
    """See that one more may come out of a talk; the messenger is locked.

    Raises:
        TooManyTellings: the talk is full.
        DayIsFull: the messenger's day is.
    """
    if Telling.objects.filter(session=session).count() >= settings.ASSISTED_PER_SESSION:
        raise TooManyTellings
    # What came late counts for the day of its talk.
    of_day = Telling.objects.filter(
        session__held_by=session.held_by_id, session__date=session.date
    ).count()
    if of_day >= settings.ASSISTED_PER_DAY:
        raise DayIsFull
