"""The kinds of notifications about votes of a council."""

import datetime
from collections.abc import Collection, Mapping

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.dates import with_weekday
from contributions.notices import shortened
from jongerenraad.models import Elector, Matter, Membership
from notifications.actions import notify
from notifications.kinds import About, Category, NotificationKind, Telling, register

#: So long before a vote closes those are told who did not vote yet.
SOON = datetime.timedelta(hours=24)


def electors_of(pks: Collection[int], now: datetime.datetime) -> dict[int, set[int]]:
    """Return who can vote now and has not yet, by the number of the matter (one query)."""
    found: dict[int, set[int]] = {pk: set() for pk in pks}
    # Who was appointed anew meanwhile votes with the seat of then.
    members = (
        Membership.objects.current(now)
        .voting()
        .filter(person=OuterRef("membership__person"), term__council=OuterRef("matter__council"))
    )
    waiting = Elector.objects.filter(
        Exists(members), matter__in=pks, stepped_aside=False, has_voted=False
    )
    for matter, person in waiting.values_list("matter", "membership__person"):
        found[matter].add(person)
    return found


def _votes(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    """Return what is told of votes that are open, to who can vote and has not yet."""
    now = timezone.now()
    matters = Matter.objects.open_on(now).filter(pk__in=pks).select_related("council")
    waiting = electors_of(pks, now)

    def telling(matter: Matter) -> Telling:
        about = About(
            path=matter.get_absolute_url(),
            values={
                "council": matter.council.name,
                "question": matter.question,
                "date": with_weekday(matter.closes_at),
                "time": timezone.localtime(matter.closes_at).strftime("%H:%M"),
            },
            quote=shortened(matter.text),
            quote_language="" if matter.language == language else matter.language,
        )
        return lambda reader: about if reader.pk in waiting[matter.pk] else None

    return {matter.pk: telling(matter) for matter in matters}


def tell_of_closing_votes(*, now: datetime.datetime) -> int:
    """Tell who did not vote yet that a vote closes soon, once; return how many votes do."""
    closing = Matter.objects.open_on(now).filter(closes_at__lte=now + SOON)
    # A vote that is open for a day or less was told of just before.
    soon = [one for one in closing if one.closes_at - one.opened_at > SOON]
    people = electors_of([one.pk for one in soon], now)
    for matter in soon:
        notify("vote_closes", matter.pk, to=people[matter.pk], now=now)
    return len(soon)


VOTE_OPENED = NotificationKind(
    name="vote_opened",
    label=_("Your council votes"),
    category=Category.TASKS,
    concerns=_("The members of a council who can vote."),
    subject=_("%(council)s votes: %(question)s"),
    sentence=_("You can vote until %(date)s, %(time)s."),
    load=_votes,
    in_letter=False,
    sample={
        "council": "Jongerenraad",
        "question": _("Do we meet on Wednesdays?"),
        "date": _("26 November"),
        "time": "20:00",
    },
)
VOTE_CLOSES = NotificationKind(
    name="vote_closes",
    label=_("A vote of your council ends soon"),
    category=Category.TASKS,
    concerns=_("The members of a council who did not vote yet, a day before it ends."),
    subject=_("You did not vote yet: %(question)s"),
    sentence=_("%(council)s votes until %(date)s, %(time)s."),
    load=_votes,
    in_letter=False,
    sample=VOTE_OPENED.sample,
)


def declare() -> None:
    """Declare the kinds, at start-up."""
    register(VOTE_OPENED, VOTE_CLOSES)
