"""What was done with what people told: the other half of the loop."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contributions.models import Contribution, ContributionQuerySet
from indicators.models import Indicator

MAX_PART = 2000
MAX_WHO = 200


class ResponseQuerySet(ContributionQuerySet["Response"]):
    """Responses, through the one door of all contributions."""

    def that_hold_in(self, area_ids: list[int]) -> Self:
        """Return the responses about these areas: one about a city holds in its neighbourhoods."""
        return self.filter(area__in=area_ids)


class Response(Contribution):
    """What an office heard beside a figure, and what it does with it: by whom and before when."""

    kind = "response"

    class State(models.TextChoices):
        PROMISED = "promised", _("promised")
        DOING = "doing", _("we are doing it")
        DONE = "done", _("done")
        NOT = "not", _("we don't do this")

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("figure"), on_delete=models.PROTECT, related_name="responses"
    )
    heard = models.TextField(_("what we heard"), max_length=MAX_PART)
    doing = models.TextField(_("what we do"), max_length=MAX_PART, blank=True)
    who = models.CharField(_("who does it"), max_length=MAX_WHO, blank=True)
    due_date = models.DateField(_("before the end of"), null=True, blank=True)
    not_doing = models.TextField(_("what we don't do, and why"), max_length=MAX_PART, blank=True)
    state = models.CharField(_("how far it is"), max_length=10, choices=State.choices)
    state_changed_at = models.DateTimeField(_("how far it is, said at"))

    objects = ResponseQuerySet.as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            *Contribution.Meta.constraints,
            models.CheckConstraint(
                name="response_state_is_known",
                condition=Q(state__in=["promised", "doing", "done", "not"]),
            ),
            # A promise says what, who and when; a refusal says why.
            models.CheckConstraint(
                name="response_promise_is_whole",
                condition=Q(state="not") | (~Q(doing="") & ~Q(who="")),
            ),
            models.CheckConstraint(
                name="response_promise_has_a_date",
                condition=Q(state__in=["done", "not"]) | Q(due_date__isnull=False),
            ),
            models.CheckConstraint(
                name="response_refusal_says_why", condition=~Q(state="not") | ~Q(not_doing="")
            ),
        ]
        indexes = [
            models.Index(
                name="response_beside_figure",
                fields=["area", "indicator", "-id"],
                condition=Q(status="published"),
            ),
        ]

    def __str__(self) -> str:
        return self.heard[:60]

    @property
    def state_colour(self) -> str:
        """Return how its state is coloured, always with the state in words."""
        return {self.State.DONE: "good", self.State.NOT: "bad"}.get(self.State(self.state), "warn")

    def get_absolute_url(self) -> str:
        if self.area is None:
            raise NotImplementedError("A response is always about an area.")
        page = reverse(
            "feedback:figure", kwargs={"slug": self.area.slug, "figure": self.indicator.slug}
        )
        return f"{page}#antwoord-{self.pk}"
