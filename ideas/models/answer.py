"""The official answer to an initiative that had enough support."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.models import Contribution, ContributionQuerySet

from .initiative import Initiative

MAX_ANSWER = 8000


class Outcome(models.TextChoices):
    ADOPTED = "adopted", _("We are going to do this")
    PARTLY = "partly", _("We are going to do part of this")
    NOT = "not", _("We are not going to do this")
    LATER = "later", _("Not now, later")


#: Answers that promise work.
WORKED_ON = (Outcome.ADOPTED, Outcome.PARTLY)


class OfficialAnswerQuerySet(ContributionQuerySet["OfficialAnswer"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the answers a user may see, to initiatives that the user may see."""
        initiatives = Initiative.objects.visible_to(user).order_by()
        return super().visible_to(user).filter(initiative__in=initiatives.values("pk"))


class OfficialAnswer(Contribution):
    """What the municipalities do with an initiative, in the name of the programme office.

    It can change: ``author`` gave the words that stand here, at ``changed_at``; those before them
    are on the record (``OfficeAct``). ``given_date`` stays the day of the first answer.
    """

    kind = "official_answer"

    Outcome = Outcome

    initiative = models.OneToOneField(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="official_answer",
    )
    outcome = models.CharField(_("answer"), max_length=10, choices=Outcome.choices)
    text = models.TextField(_("explanation"), max_length=MAX_ANSWER)
    new_answer_date = models.DateField(
        _("new answer promised before the end of"), null=True, blank=True
    )
    given_date = models.DateField(_("first answered on"), null=True, editable=False)

    objects = OfficialAnswerQuerySet.as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("official answer")
        verbose_name_plural = _("official answers")
        constraints = [
            *Contribution.Meta.constraints,
            models.CheckConstraint(
                name="answer_outcome_is_known",
                condition=Q(outcome__in=["adopted", "partly", "not", "later"]),
            ),
            models.CheckConstraint(
                name="answer_only_later_promises_another",
                condition=Q(outcome="later") | Q(new_answer_date__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="answer_promised_again",
                fields=["new_answer_date", "id"],
                condition=Q(status="published", outcome="later"),
            ),
            models.Index(
                name="answer_given",
                fields=["-given_date", "id"],
                condition=Q(status="published"),
            ),
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()

    def get_absolute_url(self) -> str:
        return f"{self.initiative.get_absolute_url()}#antwoord"

    @property
    def promises_work(self) -> bool:
        return self.outcome in WORKED_ON
