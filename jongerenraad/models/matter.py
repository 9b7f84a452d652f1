"""What a council votes on, who may vote, and what was voted.

Of an open vote the choice stands beside the elector. Of a secret one ``Elector`` says who voted and
``SecretVote`` what was voted, and nothing joins the two: see docs/adr/0019.
"""

import datetime
import uuid
from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User

from .council import Council, Membership

MAX_QUESTION = 150
MAX_TEXT = 4000
MAX_WORD = 300


class Choice(models.TextChoices):
    AGREE = "agree", _("Agree")
    DISAGREE = "disagree", _("Disagree")
    ABSTAIN = "abstain", _("No opinion")


class Outcome(models.TextChoices):
    ADOPTED = "adopted", _("adopted")
    REJECTED = "rejected", _("not adopted")
    NO_QUORUM = "no_quorum", _("not valid: too few votes")


class MatterQuerySet(models.QuerySet["Matter"]):
    def open_on(self, now: datetime.datetime) -> Self:
        """Return what can be voted on at a moment."""
        return self.filter(closed_at__isnull=True, closes_at__gt=now)

    def due_on(self, now: datetime.datetime) -> Self:
        """Return what has to be counted: its time is over."""
        return self.filter(closed_at__isnull=True, closes_at__lte=now)

    def closed(self) -> Self:
        return self.filter(closed_at__isnull=False)

    def visible_to(self, user: User | AnonymousUser, now: datetime.datetime) -> Self:
        """Return what a user may see: the closed ones everybody, the others the council itself."""
        seen = Q(closed_at__isnull=False)
        if user.is_authenticated:
            councils = Membership.objects.current(now).filter(person=user)
            seen |= Q(council__in=councils.values("term__council"))
        return self.filter(seen)


@dataclass(frozen=True)
class Subject:
    """What a vote is about, where it stands by itself on the site.

    Without a title somebody may not see it. ``question`` is that of the vote, in the reader's
    language, where the site can say it.
    """

    title: str
    url: str
    language: str
    question: str = ""


class Matter(models.Model):
    """A question that a council votes on, until a moment; its result is written once.

    ``quorum`` is in votes, worked out from the by-laws when it is opened; ``electorate`` is the
    number of those who may vote.
    """

    council = models.ForeignKey(
        Council, verbose_name=_("council"), on_delete=models.PROTECT, related_name="matters"
    )
    kind = models.CharField(_("kind"), max_length=30)
    is_secret = models.BooleanField(_("secret"))
    question = models.CharField(_("question"), max_length=MAX_QUESTION)
    text = models.TextField(_("explanation"), max_length=MAX_TEXT, blank=True)
    language = models.CharField(_("language"), max_length=10, default="nl")
    second_of = models.OneToOneField(
        "self",
        verbose_name=_("second vote after"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="second",
    )
    opened_by = models.ForeignKey(
        User, verbose_name=_("opened by"), on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    closes_at = models.DateTimeField(_("closes at"))
    electorate = models.PositiveSmallIntegerField(_("people who may vote"))
    quorum = models.PositiveSmallIntegerField(_("votes needed to be valid"))
    closed_at = models.DateTimeField(_("counted at"), null=True, blank=True)
    agree = models.PositiveSmallIntegerField(_("agree"), null=True, blank=True)
    disagree = models.PositiveSmallIntegerField(_("disagree"), null=True, blank=True)
    abstain = models.PositiveSmallIntegerField(_("no opinion"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)

    objects = MatterQuerySet.as_manager()

    #: What it is about, for who is looking (``jongerenraad.kinds.with_subjects``).
    subject: Subject | None = None

    class Meta:
        verbose_name = _("matter to vote on")
        verbose_name_plural = _("matters to vote on")
        ordering = ("-opened_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="matter_closes_after_it_opens", condition=Q(closes_at__gt=F("opened_at"))
            ),
            models.CheckConstraint(
                name="matter_quorum_can_be_reached",
                condition=Q(quorum__gte=1, electorate__gte=F("quorum")),
            ),
            models.CheckConstraint(
                name="matter_result_is_whole",
                condition=Q(
                    closed_at__isnull=True,
                    agree__isnull=True,
                    disagree__isnull=True,
                    abstain__isnull=True,
                    outcome="",
                )
                | Q(
                    closed_at__gte=F("closes_at"),
                    agree__isnull=False,
                    disagree__isnull=False,
                    abstain__isnull=False,
                    outcome__in=["adopted", "rejected", "no_quorum"],
                ),
            ),
            models.CheckConstraint(
                name="matter_counts_fit_the_electorate",
                condition=Q(agree__isnull=True)
                | Q(electorate__gte=F("agree") + F("disagree") + F("abstain")),
            ),
        ]
        indexes = [
            models.Index(
                name="matter_to_count",
                fields=["closes_at"],
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(name="matter_of_council", fields=["council", "-closed_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("jongerenraad:matter", kwargs={"council": self.council.slug, "pk": self.pk})

    @property
    def shown_question(self) -> str:
        """The question in the reader's language where the site can say it, else as it was asked."""
        return (self.subject.question if self.subject else "") or self.question

    @property
    def question_language(self) -> str:
        """The language that the shown question is in; empty where it is the reader's."""
        return "" if self.subject and self.subject.question else self.language

    def is_open_at(self, now: datetime.datetime) -> bool:
        """Say whether votes are taken at a moment."""
        return self.closed_at is None and self.opened_at <= now < self.closes_at

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def cast(self) -> int:
        """The votes of a closed matter, those without an opinion included."""
        return (self.agree or 0) + (self.disagree or 0) + (self.abstain or 0)


class Elector(models.Model):
    """Somebody who was a member when a matter was opened: who may vote, or who stepped aside.

    ``receipt`` is given to who voted; it proves that and nothing else. There is no moment here:
    of a secret vote it would tell the order.
    """

    matter = models.ForeignKey(
        Matter, verbose_name=_("matter"), on_delete=models.PROTECT, related_name="electors"
    )
    membership = models.ForeignKey(
        Membership, verbose_name=_("member"), on_delete=models.PROTECT, related_name="electorates"
    )
    stepped_aside = models.BooleanField(_("steps aside"), default=False)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    has_voted = models.BooleanField(_("has voted"), default=False)
    receipt = models.CharField(
        pgettext_lazy("proof of a vote", "receipt"), max_length=20, blank=True
    )

    class Meta:
        verbose_name = _("elector")
        verbose_name_plural = _("electors")
        constraints = [
            models.UniqueConstraint(name="one_elector_per_matter", fields=["matter", "membership"]),
            models.CheckConstraint(
                name="elector_steps_aside_with_a_reason",
                condition=Q(stepped_aside=False, reason="")
                | (Q(stepped_aside=True, has_voted=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="elector_receipt_for_who_voted",
                condition=Q(has_voted=False, receipt="") | (Q(has_voted=True) & ~Q(receipt="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.pk}"


class Vote(models.Model):
    """An elector's choice in an open vote; changed until closing, and never after."""

    elector = models.OneToOneField(
        Elector, verbose_name=_("elector"), on_delete=models.PROTECT, related_name="vote"
    )
    choice = models.CharField(_("choice"), max_length=10, choices=Choice.choices)
    word = models.CharField(_("in a few words"), max_length=MAX_WORD, blank=True)
    cast_at = models.DateTimeField(_("cast at"), default=timezone.now)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.CheckConstraint(
                name="vote_choice_is_known", condition=Q(choice__in=Choice.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.elector_id} {self.choice}"


class SecretVote(models.Model):
    """A choice in a secret vote, without who made it and without a moment.

    While the vote is open its voter finds it by ``handle``, made with a key that closing destroys.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter = models.ForeignKey(
        Matter, verbose_name=_("matter"), on_delete=models.PROTECT, related_name="secret_votes"
    )
    handle = models.CharField(max_length=64, blank=True, editable=False)
    choice = models.CharField(_("choice"), max_length=10, choices=Choice.choices)
    word = models.CharField(_("in a few words"), max_length=MAX_WORD, blank=True)

    class Meta:
        verbose_name = _("secret vote")
        verbose_name_plural = _("secret votes")
        constraints = [
            models.CheckConstraint(
                name="secret_vote_choice_is_known", condition=Q(choice__in=Choice.values)
            ),
            models.UniqueConstraint(
                name="one_secret_vote_per_handle",
                fields=["matter", "handle"],
                condition=~Q(handle=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MatterKey(models.Model):
    """The key to the ballots of a secret vote while it is open; closing deletes it."""

    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, related_name="key", primary_key=True
    )
    secret = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"key {self.pk}"


class MinorityView(models.Model):
    """What those who were outvoted want to be read beside the result; written once."""

    matter = models.OneToOneField(
        Matter, verbose_name=_("matter"), on_delete=models.PROTECT, related_name="minority_view"
    )
    text = models.TextField(_("view of the minority"), max_length=MAX_TEXT)
    language = models.CharField(_("language"), max_length=10, default="nl")
    written_by = models.ForeignKey(
        User, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)

    class Meta:
        verbose_name = _("view of the minority")
        verbose_name_plural = _("views of minorities")

    def __str__(self) -> str:
        return f"{self.matter_id}"
