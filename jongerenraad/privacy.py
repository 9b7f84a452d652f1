"""What this app holds of people, and how it lets go of it."""

import datetime
from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.holdings import GONE, HeldFile, Holding, Leaving, register, register_nothing
from accounts.models import User
from jongerenraad.actions.members import EndedAlready, step_down
from jongerenraad.actions.portraits import forget_portrait
from jongerenraad.models import Elector, Matter, Membership, MinorityView, Vote

_COUNCIL = "words of the council, not of one member"


def _leave_seats(person: User, now: datetime.datetime) -> None:
    for membership in Membership.objects.filter(person=person, ends_at__isnull=True):
        try:
            step_down(membership=membership, by=person, now=now)
        except EndedAlready:
            continue  # its term is over


def empty_memberships(holding: Holding, person: User, leaving: Leaving) -> None:
    """Step down from every seat, and take name and picture away; office and days stay."""
    for membership in holding.rows(person).exclude(portrait=""):
        # The file before its row: a worker that is killed in between finds it again.
        default_storage.delete(membership.portrait.name)
    _leave_seats(person, leaving.now)
    for pk in list(holding.rows(person).values_list("pk", flat=True)):
        with transaction.atomic():
            locked = Membership.objects.select_for_update(no_key=True).get(pk=pk)
            forget_portrait(locked)
            locked.first_name, locked.end_reason = GONE, ""
            locked.save()


def empty_reasons(holding: Holding, person: User, leaving: Leaving) -> None:
    """Take away why a person stepped aside; that they did stays."""
    written = Case(When(reason="", then=Value("")), default=Value(GONE))
    holding.rows(person).order_by().update(reason=written)


def _portrait_file(membership: Membership) -> Iterable[HeldFile]:
    if membership.portrait.name:
        yield HeldFile(f"portraits/{membership.pk}.webp", membership.portrait.name)


HOLDINGS = (
    Holding(
        Membership,
        _("Your seat in a council"),
        own=("person",),
        numbers=("appointed_by", "ended_by"),
        words={"first_name": GONE, "portrait": "", "end_reason": ""},
        secret=("portrait_key",),
        files=_portrait_file,
        leaves=empty_memberships,
    ),
    Holding(
        Elector,
        _("Votes of a council in which you had a vote"),
        through=lambda person: Elector.objects.filter(membership__person=person),
        words={"reason": GONE},
        kept={"receipt": "proves that somebody voted, without who or what"},
        leaves=empty_reasons,
    ),
    Holding(
        Vote,
        _("What you voted, where the vote was open"),
        through=lambda person: Vote.objects.filter(elector__membership__person=person),
        words={"word": ""},
    ),
    Holding(
        Matter,
        _("Questions that you put to the vote of a council"),
        own=("opened_by",),
        kept=dict.fromkeys(("kind", "question", "text", "language"), _COUNCIL),
    ),
    Holding(
        MinorityView,
        _("Views of a minority that you wrote down for a council"),
        own=("written_by",),
        kept=dict.fromkeys(("text", "language"), _COUNCIL),
    ),
)
NOTHING = {
    "jongerenraad.council": "words of the office",
    "jongerenraad.term": "dates",
    "jongerenraad.seat": "numbers",
    "jongerenraad.matterkey": "a key, destroyed when the vote closes",
    "jongerenraad.secretvote": "nobody can find whose it is (docs/adr/0019)",
}


def declare() -> None:
    """Declare it, at start-up."""
    register(*HOLDINGS)
    register_nothing(NOTHING)
