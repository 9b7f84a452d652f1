"""What somebody wants to hear, how, and of what."""

import datetime

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications.kinds import Category, Channel


class PreferenceQuerySet(models.QuerySet["Preference"]):
    def locked_of(self, person: User) -> "Preference":
        """Return a person's row, for this transaction alone: what they choose comes one by one."""
        # Who has no row chose nothing: what holds for all has held for them since they came.
        self.get_or_create(person=person, defaults={"changed_at": person.created_at})
        return self.select_for_update(no_key=True).get(person=person)


class Preference(models.Model):
    """How somebody wants to be told; who has no row chose nothing, and gets what it says here."""

    class Pace(models.TextChoices):
        AT_ONCE = "at_once", _("Everything at once")
        WEEKLY = "weekly", _("A letter each week, and at once what is about me")
        ABOUT_ME = "about_me", _("Only what is about me")

    person = models.OneToOneField(
        User,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="preference",
    )
    pace = models.CharField(_("how much"), max_length=10, choices=Pace.choices, default=Pace.WEEKLY)
    #: From when on nothing goes out but what must be told.
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)
    #: What was told before the end of a pause is sent in no letter: it stands on the site.
    pause_ended_at = models.DateTimeField(_("pause ended at"), null=True, editable=False)
    quiet = models.BooleanField(_("quiet hours"), default=True)
    # Whole hours in Europe/Amsterdam.
    quiet_from = models.PositiveSmallIntegerField(
        _("quiet from"), default=22, validators=[MaxValueValidator(23)]
    )
    quiet_until = models.PositiveSmallIntegerField(
        _("quiet until"), default=7, validators=[MaxValueValidator(23)]
    )
    # Monday is 0.
    letter_day = models.PositiveSmallIntegerField(
        _("day of the letter"), default=4, validators=[MaxValueValidator(6)]
    )
    letter_hour = models.PositiveSmallIntegerField(
        _("hour of the letter"), default=16, validators=[MaxValueValidator(23)]
    )
    #: Mail to the address came back, or its reader called it unwanted: none goes there any more.
    mail_stopped_at = models.DateTimeField(_("mail stopped at"), null=True, editable=False)
    mail_stopped_why = models.CharField(max_length=10, blank=True, editable=False)
    #: When they chose to try mail again, or came with another address: what is told of mail from
    #: before that stops nothing any more.
    mail_counts_from = models.DateTimeField(_("mail counts from"), null=True, editable=False)
    #: When they last chose to be told more or less, which no link of an older mail undoes.
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.CheckConstraint(
                name="preference_pace_is_known",
                condition=Q(pace__in=["at_once", "weekly", "about_me"]),
            ),
            models.CheckConstraint(
                name="preference_hours_are_hours",
                condition=Q(
                    quiet_from__lte=23, quiet_until__lte=23, letter_hour__lte=23, letter_day__lte=6
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    def quiet_ends_at(self, now: datetime.datetime) -> datetime.datetime | None:
        """Return when the quiet hours that it is now in are over; None outside of them."""
        here = timezone.localtime(now)
        if not self.quiet or self.quiet_from == self.quiet_until:
            return None
        if self.quiet_from < self.quiet_until:
            is_quiet = self.quiet_from <= here.hour < self.quiet_until
        else:
            is_quiet = here.hour >= self.quiet_from or here.hour < self.quiet_until
        if not is_quiet:
            return None
        day = here.date()
        if here.hour >= self.quiet_until:
            day += datetime.timedelta(days=1)
        # Made anew from the clock on the wall: a night in which it is moved is an hour longer.
        ends = datetime.datetime.combine(day, datetime.time(self.quiet_until))
        return ends.replace(tzinfo=here.tzinfo)


class Choice(models.Model):
    """What somebody chose about one category and one channel, where it differs from their pace."""

    person = models.ForeignKey(
        User,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="notification_choices",
    )
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    wanted = models.BooleanField(_("wanted"))
    chosen_at = models.DateTimeField(_("chosen at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        constraints = [
            models.UniqueConstraint(
                name="one_choice_by_category_and_channel",
                fields=["person", "category", "channel"],
            ),
            models.CheckConstraint(
                name="choice_is_known",
                condition=Q(
                    category__in=["about_you", "followed", "neighbourhood", "tasks"],
                    channel__in=["mail", "push"],
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.channel}"


class Follow(models.Model):
    """Somebody follows one thing: an initiative, an area, a theme; never a person."""

    person = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="follows"
    )
    kind = models.CharField(_("kind"), max_length=20)
    subject_id = models.BigIntegerField(_("number of the subject"))
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.UniqueConstraint(name="followed_once", fields=["person", "kind", "subject_id"]),
        ]
        indexes = [
            models.Index(name="follow_by_subject", fields=["kind", "subject_id", "person"]),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.subject_id}"
