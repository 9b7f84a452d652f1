"""What readers report, and what became of it."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .decision import Decision
from .dossier import Dossier
from .mailing import Mailing, MailingQuerySet
from .picture import Picture

MAX_WORDS = 2000
#: A moderator can undo a decision for so long: then it is told.
TOLD_AFTER = datetime.timedelta(minutes=10)


class ReportQuerySet(MailingQuerySet["Report"]):
    def open(self) -> Self:
        """Return the reports that nobody decided about yet."""
        return self.filter(closed_at__isnull=True)

    def to_mail(self, now: datetime.datetime) -> Self:
        """Return the reports whose reporter asked to be told, and can be told by now."""
        return super().to_mail(now).filter(closed_at__lte=now - TOLD_AFTER).exclude(email="")

    def receipts_of(self, person: User) -> Self:
        """Return what somebody reported while signed in, the newest first."""
        return self.filter(reporter=person).order_by("-created_at", "-pk")


class Report(Mailing):
    """A reader's word that a text or a picture should not stand there (article 16 of the DSA).

    A report hides nothing. ``reported_by_key`` tells one reporter from another, so that each has
    one open report about a thing: a digest of the account, or of a key that only one browser holds.
    ``email`` is there for the outcome alone and is emptied once that went. ``token`` is the address
    of the receipt. ``is_fresh`` says that the account was new, or that there is none.
    """

    class Category(models.TextChoices):
        HATE = "hate", _("It is hate or discrimination")
        THREAT = "threat", _("Somebody is threatened or insulted")
        PRIVATE = "private", _("It tells private things about somebody")
        CHILD = "child", _("A child may be in danger")
        PICTURE = "picture", _("The picture should not be here")
        UNTRUE = "untrue", _("It is misleading")
        SPAM = "spam", _("It is advertising")
        OTHER = "other", _("Something else")

    class Outcome(models.TextChoices):
        OPEN = "", _("A moderator still has to read it")
        UPHELD = "upheld", _("We did something about it")
        KEPT = "kept", _("It may stay: it is not against the house rules")
        GONE = "gone", _("It was gone already")

    dossier = models.ForeignKey(
        Dossier, verbose_name=_("dossier"), on_delete=models.PROTECT, related_name="reports"
    )
    picture = models.ForeignKey(
        Picture,
        verbose_name=_("picture"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
    )
    category = models.CharField(_("what is wrong"), max_length=10, choices=Category.choices)
    words = models.TextField(_("explanation"), blank=True)
    language = models.CharField(_("language"), max_length=10)
    reporter = models.ForeignKey(
        User,
        verbose_name=_("reported by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports_made",
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    token = models.CharField(max_length=43, unique=True, editable=False)
    reported_by_key = models.CharField(max_length=64, blank=True, editable=False)
    is_fresh = models.BooleanField(_("from a new account, or without one"), default=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.OPEN, blank=True
    )
    decision = models.ForeignKey(
        Decision,
        verbose_name=_("decision"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
    )

    objects = ReportQuerySet.as_manager()

    class Meta(Mailing.Meta):
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("created_at", "pk")
        constraints = [
            models.UniqueConstraint(
                name="one_open_report_per_text",
                fields=["dossier", "reported_by_key"],
                condition=Q(closed_at__isnull=True, picture__isnull=True) & ~Q(reported_by_key=""),
            ),
            models.UniqueConstraint(
                name="one_open_report_per_picture",
                fields=["picture", "reported_by_key"],
                condition=Q(closed_at__isnull=True, picture__isnull=False) & ~Q(reported_by_key=""),
            ),
            models.CheckConstraint(
                name="report_closes_with_an_outcome",
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.category}"

    def was_made_by(self, user: User) -> bool:
        return self.reporter_id is not None and self.reporter_id == user.pk

    @property
    def reported_at(self) -> datetime.datetime:
        return self.created_at
