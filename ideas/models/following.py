"""What follows an answer: milestones, reports, the department that works on it, and the record."""

from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.records import AppendOnly
from contributions.models import Contribution, ContributionQuerySet

from .answer import MAX_ANSWER, OfficialAnswer
from .department import Department
from .initiative import Initiative, Progress

MAX_MILESTONE = 120
MAX_REASON = 1000
MAX_REPORT = 8000


class MilestoneState(models.TextChoices):
    PLANNED = "planned", _("planned")
    UNDER_WAY = "under_way", _("under way")
    DONE = "done", _("done")
    DROPPED = "dropped", _("will not happen")


#: What is still to come: its date is a promise.
OPEN_STATES = (MilestoneState.PLANNED, MilestoneState.UNDER_WAY)


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    """Milestones, by what is still promised in them."""

    def still_open(self) -> Self:
        """Return those whose date is still a promise."""
        return self.filter(
            state__in=OPEN_STATES,
            initiative__progress__in=[Progress.ANSWERED, Progress.IN_PROGRESS],
        )


class Milestone(models.Model):
    """One step of the work on an initiative, with the date that was promised for it.

    Its words are the office's and stand in one language, as an answer does. What changed in it,
    and why, stands in ``OfficeAct``.
    """

    State = MilestoneState

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="milestones",
    )
    title = models.CharField(_("what happens"), max_length=MAX_MILESTONE)
    language = models.CharField(_("language"), max_length=10, choices=settings.CONTENT_LANGUAGES)
    planned_date = models.DateField(_("before the end of"))
    state = models.CharField(
        _("how far it is"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    done_date = models.DateField(_("done on"), null=True, blank=True)
    #: Rises with every change: a form names the one that it was made from.
    version = models.PositiveIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("planned at"), default=timezone.now)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ("planned_date", "pk")
        constraints = [
            models.CheckConstraint(
                name="milestone_state_is_known",
                condition=Q(state__in=["planned", "under_way", "done", "dropped"]),
            ),
            models.CheckConstraint(
                name="milestone_done_has_its_day",
                condition=Q(state="done", done_date__isnull=False)
                | (~Q(state="done") & Q(done_date__isnull=True)),
            ),
            models.CheckConstraint(name="milestone_has_words", condition=~Q(title="")),
        ]
        indexes = [
            models.Index(
                name="milestone_promised",
                fields=["planned_date", "id"],
                condition=Q(state__in=["planned", "under_way"]),
            ),
            models.Index(
                name="milestone_kept",
                fields=["-done_date", "id"],
                condition=Q(state="done"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class ProgressReportQuerySet(ContributionQuerySet["ProgressReport"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the reports a user may see, on initiatives that the user may see."""
        initiatives = Initiative.objects.visible_to(user).order_by()
        return super().visible_to(user).filter(initiative__in=initiatives.values("pk"))


class ProgressReport(Contribution):
    """What the programme office tells about the work; one that closes it says what came of it."""

    kind = "progress_report"

    initiative = models.ForeignKey(
        Initiative, verbose_name=_("initiative"), on_delete=models.PROTECT, related_name="reports"
    )
    text = models.TextField(_("what happened"), max_length=MAX_REPORT)
    closes = models.BooleanField(_("the work is done"), default=False)

    objects = ProgressReportQuerySet.as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("report")
        verbose_name_plural = _("reports on the work")
        constraints = [
            *Contribution.Meta.constraints,
            models.UniqueConstraint(
                name="one_closing_report", fields=["initiative"], condition=Q(closes=True)
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return f"{self.initiative.get_absolute_url()}#verslag-{self.pk}"


class OfficeActQuerySet(models.QuerySet["OfficeAct"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("What the office did is never changed: write a new row.")

    def delete(self) -> NoReturn:
        raise AppendOnly("What the office did is never deleted.")


class OfficeAct(models.Model):
    """What the programme office did with an initiative, when and why: rows are only ever added.

    ``from_date`` and ``to_date`` are those of a milestone; an earlier answer that said "later" has
    the day of the promised new answer in ``to_date``. ``text`` is public: the reason, the note
    with a hand-over, or the words of an earlier answer. Who did it is for staff alone.
    """

    class Kind(models.TextChoices):
        EARLIER_ANSWER = "earlier_answer", _("answer that was replaced")
        PLANNED = "planned", _("milestone planned")
        MOVED = "moved", _("date of a milestone changed")
        STATE = "state", _("state of a milestone changed")
        HANDED_OVER = "handed_over", _("handed over to a department")
        BEGAN = "began", _("work began")

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="office_acts",
    )
    kind = models.CharField(_("what was done"), max_length=20, choices=Kind.choices)
    milestone = models.ForeignKey(
        Milestone,
        verbose_name=_("milestone"),
        on_delete=models.PROTECT,
        null=True,
        related_name="acts",
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        on_delete=models.PROTECT,
        null=True,
        related_name="acts",
    )
    outcome = models.CharField(
        _("answer"), max_length=10, choices=OfficialAnswer.Outcome.choices, blank=True
    )
    from_state = models.CharField(
        _("state before"), max_length=10, choices=MilestoneState.choices, blank=True
    )
    to_state = models.CharField(
        _("state after"), max_length=10, choices=MilestoneState.choices, blank=True
    )
    from_date = models.DateField(_("date before"), null=True)
    to_date = models.DateField(_("date after"), null=True)
    text = models.TextField(_("reason or words"), max_length=MAX_ANSWER, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.CONTENT_LANGUAGES, blank=True
    )
    by = models.ForeignKey(
        User, verbose_name=_("done by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("done at"), default=timezone.now)

    objects: ClassVar[OfficeActQuerySet] = OfficeActQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("act of the programme office")
        verbose_name_plural = _("acts of the programme office")
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                name="act_says_what_it_is_about",
                condition=Q(kind__in=["planned", "moved", "state"], milestone__isnull=False)
                | Q(kind="handed_over", department__isnull=False)
                | (Q(kind="earlier_answer") & ~Q(outcome=""))
                | Q(kind="began"),
            ),
            # Who moves a promised date says why, and so does who drops what was promised.
            models.CheckConstraint(
                name="act_against_a_promise_says_why",
                condition=(~Q(kind="moved") & ~Q(to_state="dropped")) | ~Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly("What the office did is never changed: write a new row.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("What the office did is never deleted.")
