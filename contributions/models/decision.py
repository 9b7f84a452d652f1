"""House rules and the decisions taken under them."""

import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.holdings import GONE
from accounts.models import User
from accounts.records import Record, RecordQuerySet

from .contribution import Status
from .dossier import Dossier


class HouseRuleManager(models.Manager["HouseRule"]):
    def in_force(self, now: datetime.datetime) -> models.QuerySet["HouseRule"]:
        """Return the rules that hold at a moment, in their order."""
        return self.filter(valid_from__lte=now).filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=now)
        )


class HouseRule(models.Model):
    """One version of one house rule: a decision keeps pointing at the words it was taken under."""

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    valid_from = models.DateTimeField(_("holds from"), default=timezone.now)
    valid_until = models.DateTimeField(_("held until"), null=True, blank=True)

    objects: ClassVar[HouseRuleManager] = HouseRuleManager()

    class Meta:
        verbose_name = _("house rule")
        verbose_name_plural = _("house rules")
        ordering = ("order", "code", "-version")
        constraints = [
            models.UniqueConstraint(name="one_rule_per_version", fields=["code", "version"]),
            models.UniqueConstraint(
                name="one_rule_in_force", fields=["code"], condition=Q(valid_until__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DecisionQuerySet(RecordQuerySet["Decision"]):
    def empty_words(self) -> int:
        """Take the words away, since who they were written to has left; all else stays.

        The database lets this one change pass, and no other.
        """
        written = Case(When(reason="", then=Value("")), default=Value(GONE))
        return models.QuerySet.update(self, reason=written, facts="")


class Decision(Record):
    """What was decided about a contribution, by whom, under which rule and why.

    Rows are only ever added: code is stopped here, and everything else by triggers in the
    database. When the author leaves, the words are taken out of it. What a decision must say
    follows article 17 of the Digital Services Act (statement of reasons).
    """

    class Outcome(models.TextChoices):
        PUBLISHED = "published", _("published")
        KEPT = "kept", _("read and left as it is")
        RETURNED = "returned", _("returned to the author")
        REJECTED = "rejected", _("rejected")
        HIDDEN = "hidden", _("hidden")
        RESTORED = "restored", _("shown again")
        REVISION_ACCEPTED = "revision_accepted", _("change accepted")
        REVISION_RETURNED = "revision_returned", _("change not taken over")
        PICTURE_HIDDEN = "picture_hidden", _("picture hidden")
        PICTURE_RESTORED = "picture_restored", _("picture shown again")
        RECORDING_HIDDEN = "recording_hidden", _("recording hidden")
        RECORDING_RESTORED = "recording_restored", _("recording played again")
        WARNED = "warned", _("warned")
        UNDONE = "undone", _("decision undone")

    #: Decisions against an author.
    AGAINST: ClassVar[frozenset[Outcome]] = frozenset(
        {
            Outcome.RETURNED,
            Outcome.REJECTED,
            Outcome.HIDDEN,
            Outcome.PICTURE_HIDDEN,
            Outcome.RECORDING_HIDDEN,
            Outcome.WARNED,
            Outcome.REVISION_RETURNED,
        }
    )

    #: Decisions after which others read more of an author than before.
    IN_FAVOUR: ClassVar[frozenset[Outcome]] = frozenset(
        {
            Outcome.PUBLISHED,
            Outcome.RESTORED,
            Outcome.REVISION_ACCEPTED,
            Outcome.PICTURE_RESTORED,
            Outcome.RECORDING_RESTORED,
        }
    )

    dossier = models.ForeignKey(
        Dossier, verbose_name=_("dossier"), on_delete=models.PROTECT, related_name="decisions"
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    from_status = models.CharField(_("status before"), max_length=10, choices=Status.choices)
    to_status = models.CharField(_("status after"), max_length=10, choices=Status.choices)
    rule = models.ForeignKey(
        HouseRule,
        verbose_name=_("house rule"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    reason = models.TextField(_("reason"), blank=True)
    facts = models.TextField(_("what in the text it is about"), blank=True)
    automatic = models.BooleanField(_("taken automatically"), default=False)
    picture = models.ForeignKey(
        "contributions.Picture",
        verbose_name=_("picture"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    spoken = models.ForeignKey(
        "contributions.SpokenText",
        verbose_name=_("recording"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    #: The language that the reason is written in, as whoever decided says.
    words_language = models.CharField(
        _("language of the reason"), max_length=10, blank=True, default="", db_default=""
    )
    #: Names of the checks that had marked the text then; empty (None) before this was kept.
    marked = models.JSONField(_("what checks had found"), null=True, blank=True, editable=False)
    # How the dossier waited before, so that undoing puts it back in its place.
    waited_as = models.JSONField(null=True, blank=True, editable=False)
    undoes = models.OneToOneField(
        "self",
        verbose_name=_("undoes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
    )
    decided_by = models.ForeignKey(
        User,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("decided_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="decision_by_someone_or_automatic",
                condition=Q(automatic=True, decided_by__isnull=True)
                | Q(automatic=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_against_names_rule_and_reason",
                condition=~Q(
                    outcome__in=[
                        *("rejected", "hidden", "picture_hidden", "recording_hidden", "warned")
                    ]
                )
                | (Q(rule__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="decision_return_says_what_to_change",
                condition=~Q(outcome__in=["returned", "revision_returned"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="decision_about_a_picture_names_it",
                condition=Q(
                    outcome__in=["picture_hidden", "picture_restored"], picture__isnull=False
                )
                | (
                    ~Q(outcome__in=["picture_hidden", "picture_restored"]) & Q(picture__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="decision_about_a_recording_names_it",
                condition=Q(
                    outcome__in=["recording_hidden", "recording_restored"], spoken__isnull=False
                )
                | (
                    ~Q(outcome__in=["recording_hidden", "recording_restored"])
                    & Q(spoken__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="decision_that_undoes_names_which",
                condition=Q(outcome="undone", undoes__isnull=False)
                | (~Q(outcome="undone") & Q(undoes__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.outcome}"

    @property
    def is_against(self) -> bool:
        """Say whether it goes against the author, who can ask for another look at it."""
        return not self.automatic and self.outcome in self.AGAINST
