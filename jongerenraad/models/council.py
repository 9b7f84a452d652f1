"""A council, its terms and seats, and who sits on them."""

import datetime
import uuid
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from areas.models import Area
from contributions.deadlines import today


class Council(models.Model):
    """A body of residents with seats, terms and by-laws, such as the Jongerenraad.

    A council is data: another one is another row. Its by-laws are the settings here.
    """

    slug = models.SlugField(_("address on the site"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    intro = models.TextField(_("what it is, in a few sentences"), blank=True)
    organisation = models.OneToOneField(
        Organisation,
        verbose_name=_("writes on the site as"),
        on_delete=models.PROTECT,
        related_name="council",
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("votes needed to be valid, in percent of those who may vote"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    second_quorum_percent = models.PositiveSmallIntegerField(
        _("the same, for a second vote after one without enough votes"),
        default=25,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    second_vote_days = models.PositiveSmallIntegerField(
        _("days within which a second vote can be opened"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )

    class Meta:
        verbose_name = _("council")
        verbose_name_plural = _("councils")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="council_quorum_is_a_share",
                condition=Q(
                    quorum_percent__range=(1, 100),
                    second_quorum_percent__range=(1, 100),
                    second_vote_days__range=(1, 365),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("jongerenraad:council", kwargs={"council": self.slug})


class TermQuerySet(models.QuerySet["Term"]):
    def on(self, date: datetime.date) -> Self:
        """Return the terms that run on a date."""
        return self.filter(starts_date__lte=date, ends_date__gte=date)


class Term(models.Model):
    """A stretch of time for which members are appointed; both days are included."""

    council = models.ForeignKey(
        Council, verbose_name=_("council"), on_delete=models.PROTECT, related_name="terms"
    )
    starts_date = models.DateField(_("from"))
    ends_date = models.DateField(_("until and including"))

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ("-starts_date",)
        constraints = [
            models.CheckConstraint(
                name="term_ends_after_it_starts", condition=Q(ends_date__gt=F("starts_date"))
            ),
            models.UniqueConstraint(name="one_term_per_start", fields=["council", "starts_date"]),
        ]

    def __str__(self) -> str:
        return f"{self.council} {self.starts_date.year}–{self.ends_date.year}"

    def clean(self) -> None:
        """Refuse a term beside another one: somebody would sit twice, and count twice.

        Raises:
            ValidationError: it ends before it begins, or runs while another one does.
        """
        if not (self.starts_date and self.ends_date and self.council_id):
            return
        if self.ends_date <= self.starts_date:
            raise ValidationError({"ends_date": _("A term ends after its first day.")})
        others = Term.objects.filter(
            council=self.council_id,
            starts_date__lte=self.ends_date,
            ends_date__gte=self.starts_date,
        )
        if others.exclude(pk=self.pk).exists():
            raise ValidationError(
                _("Another term of this council runs on some of these days. Choose other days.")
            )


class Seat(models.Model):
    """A place in a council, of an area or of all areas together; empty, it is a vacancy."""

    council = models.ForeignKey(
        Council, verbose_name=_("council"), on_delete=models.PROTECT, related_name="seats"
    )
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    area = models.ForeignKey(
        Area,
        verbose_name=_("area"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        help_text=_("Empty: a seat of all areas together."),
    )

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(name="one_seat_per_number", fields=["council", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.area or self.council})"


class Office(models.TextChoices):
    """What somebody is in a council. A mentor helps and never votes."""

    MEMBER = "member", _("member")
    CHAIR = "chair", _("chair")
    SECRETARY = "secretary", _("secretary")
    TREASURER = "treasurer", _("treasurer")
    MENTOR = "mentor", _("mentor")


def portrait_path(membership: "Membership", _filename: str) -> str:
    return f"portraits/{membership.portrait_key}.webp"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, now: datetime.datetime) -> Self:
        """Return the memberships in force at a moment: within their term, and not ended."""
        day = today(now)
        return self.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=now),
            starts_at__lte=now,
            term__starts_date__lte=day,
            term__ends_date__gte=day,
        )

    def voting(self) -> Self:
        """Return those of members with a vote: everybody but the mentors."""
        return self.exclude(office=Office.MENTOR)

    def with_portrait_to_forget(self, day: datetime.date) -> Self:
        """Return those whose picture must go: ended, their term over, or under 16 by now."""
        return self.exclude(portrait="").filter(
            Q(ends_at__isnull=False)
            | Q(term__ends_date__lt=day)
            | Q(person__age_band__in=["", User.AgeBand.FROM_12])
        )


class Membership(models.Model):
    """Who sits on which seat, in which office, for how long and appointed by whom.

    It is the grant from which a member's rights follow. Another office is another row, so that
    the record tells who was what, when.
    """

    term = models.ForeignKey(
        Term, verbose_name=_("term"), on_delete=models.PROTECT, related_name="memberships"
    )
    seat = models.ForeignKey(
        Seat,
        verbose_name=_("seat"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    person = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="memberships"
    )
    office = models.CharField(
        _("office"), max_length=10, choices=Office.choices, default=Office.MEMBER
    )
    first_name = models.CharField(_("first name"), max_length=40)
    portrait_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    portrait = models.FileField(
        _("picture"), upload_to=portrait_path, max_length=200, blank=True, editable=False
    )
    portrait_agreed_at = models.DateTimeField(
        _("agreed that the picture is shown, at"), null=True, blank=True
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    appointed_by = models.ForeignKey(
        User, verbose_name=_("appointed by"), on_delete=models.PROTECT, related_name="+"
    )
    ended_by = models.ForeignKey(
        User,
        verbose_name=_("ended by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    end_reason = models.CharField(_("why it ended"), max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                name="membership_office_is_known", condition=Q(office__in=Office.values)
            ),
            models.CheckConstraint(
                name="membership_has_a_seat_unless_mentor",
                condition=Q(office="mentor", seat__isnull=True)
                | (~Q(office="mentor") & Q(seat__isnull=False)),
            ),
            models.CheckConstraint(
                name="membership_is_not_by_oneself", condition=~Q(appointed_by=F("person"))
            ),
            models.CheckConstraint(
                name="membership_end_is_whole",
                condition=Q(ends_at__isnull=True, ended_by__isnull=True)
                | Q(ends_at__gte=F("starts_at"), ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_portrait_is_agreed",
                condition=Q(portrait="") | Q(portrait_agreed_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_member_per_seat",
                fields=["term", "seat"],
                condition=Q(ends_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_seat_per_member",
                fields=["term", "person"],
                condition=Q(ends_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_holder_per_office",
                fields=["term", "office"],
                condition=Q(ends_at__isnull=True, office__in=["chair", "secretary", "treasurer"]),
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name that everybody sees: a first name, and under 16 the pseudonym."""
        return self.person.public_name if self.person.is_under_16 else self.first_name

    @property
    def shows_portrait(self) -> bool:
        """Whether the picture may be seen: agreed to, and never of somebody under 16."""
        return bool(self.portrait) and not self.person.is_under_16

    @property
    def votes(self) -> bool:
        return self.office != Office.MENTOR

    def is_current(self, now: datetime.datetime) -> bool:
        """Say whether it is in force at a moment."""
        return (
            self.starts_at <= now
            and (self.ends_at is None or now < self.ends_at)
            and self.term.starts_date <= today(now) <= self.term.ends_date
        )
