"""The kinds of notifications about votes of a council."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.dates import with_weekday
from contributions.notices import shortened
from jongerenraad.kinds import with_subjects
from jongerenraad.models import Elector, Matter, Membership
from notifications.actions import notify
from notifications.kinds import (
    About,
    Category,
    NotificationKind,
    OnPaper,
    Place,
    Telling,
    register,
)

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
    matters = with_subjects(
        Matter.objects.open_on(now).filter(pk__in=pks).select_related("council"), AnonymousUser()
    )
    waiting = electors_of(pks, now)

    def telling(matter: Matter) -> Telling:
        about = About(
            path=matter.get_absolute_url(),
            values={
                "council": matter.council.name,
                "question": matter.shown_question,
                "date": with_weekday(matter.closes_at),
                "time": timezone.localtime(matter.closes_at).strftime("%H:%M"),
            },
            quote=shortened(matter.text),
            quote_language="" if matter.language == language else matter.language,
        )
        return lambda reader: about if reader.pk in waiting[matter.pk] else None

    return {matter.pk: telling(matter) for matter in matters}


def _results(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    """Return what is told of results; of a secret vote, about a person, to its voters alone."""
    closed = Matter.objects.closed().filter(pk__in=pks).select_related("council")
    matters = with_subjects(closed, AnonymousUser())
    members = defaultdict[int, set[int]](set)
    voters = Elector.objects.filter(matter__in=matters)
    for pk, person in voters.values_list("matter", "membership__person"):
        members[pk].add(person)

    def telling(matter: Matter) -> Telling:
        about = About(
            path=matter.get_absolute_url(),
            values={
                "council": matter.council.name,
                "question": matter.shown_question,
                "outcome": str(matter.get_outcome_display()),
            },
            # No quote: what a council says about a plan can name its members.
        )

        def tell(reader: User) -> About | None:
            is_told = not matter.is_secret or reader.pk in members[matter.pk]
            return about if is_told else None

        return tell

    return {matter.pk: telling(matter) for matter in matters}


def _everywhere(_place: Place) -> Q:
    """Return the condition on events about votes: a council is of all areas together."""
    return Q(Exists(Matter.objects.filter(pk=OuterRef("subject_id"), is_secret=False)))


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
VOTE_COUNTED = NotificationKind(
    name="vote_counted",
    label=_("The result of a vote of your council"),
    category=Category.TASKS,
    concerns=_("The members of a council who could vote, when the votes are counted."),
    subject=_("%(council)s voted: %(question)s"),
    sentence=_("The result: %(outcome)s."),
    load=_results,
    in_letter=False,
    on_paper=OnPaper(_everywhere, _("%(council)s voted about “%(question)s”: %(outcome)s")),
    sample={
        "council": "Jongerenraad",
        "question": "Do we meet on Wednesdays?",
        "outcome": _("adopted"),
    },
)


def declare() -> None:
    """Declare the kinds, at start-up."""
    register(VOTE_OPENED, VOTE_CLOSES, VOTE_COUNTED)
