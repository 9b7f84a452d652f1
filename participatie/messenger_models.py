"""What the programme office asks of contact persons, and what they tell back."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from areas.models import Area
from indicators.models import TargetGroup

MAX_REQUEST = 600
MAX_ANSWER = 1000


class MessengerRequestQuerySet(models.QuerySet["MessengerRequest"]):
    def open_on(self, day: datetime.date) -> Self:
        """Return what is asked on a day."""
        return self.filter(ended_at__isnull=True, starts_date__lte=day, ends_date__gte=day)


class MessengerRequest(models.Model):
    """A question of the programme office to those who speak certain languages in certain areas."""

    text = models.TextField(_("question"), max_length=MAX_REQUEST)
    language = models.CharField(_("language"), max_length=10)
    # Empty means all of them.
    languages = models.JSONField(_("languages"), default=list, blank=True)
    areas = models.ManyToManyField(
        Area, verbose_name=_("areas"), blank=True, related_name="messenger_requests"
    )
    target_group = models.ForeignKey(
        TargetGroup,
        verbose_name=_("target group"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="messenger_requests",
    )
    starts_date = models.DateField(_("from"))
    ends_date = models.DateField(_("last day"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    written_by = models.ForeignKey(
        User,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        related_name="messenger_requests",
    )
    created_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)

    objects = MessengerRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to contact persons")
        verbose_name_plural = _("questions to contact persons")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="messenger_request_ends_after_it_starts",
                condition=Q(ends_date__gte=F("starts_date")),
            ),
        ]
        indexes = [
            models.Index(
                name="messenger_request_open",
                fields=["ends_date"],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def is_open_on(self, day: datetime.date) -> bool:
        """Say whether it is asked on a day."""
        return self.ended_at is None and self.starts_date <= day <= self.ends_date


class MessengerAnswer(models.Model):
    """What one contact person heard, as the programme office reads it; they can change it."""

    request = models.ForeignKey(
        MessengerRequest,
        verbose_name=_("question to contact persons"),
        on_delete=models.PROTECT,
        related_name="answers",
    )
    person = models.ForeignKey(
        User,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="messenger_answers",
    )
    text = models.TextField(_("what they heard"), max_length=MAX_ANSWER)
    language = models.CharField(_("language"), max_length=10)
    is_done = models.BooleanField(_("done"), default=False)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("answer of a contact person")
        verbose_name_plural = _("answers of contact persons")
        ordering = ("-changed_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="one_messenger_answer_per_person", fields=["request", "person"]
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
