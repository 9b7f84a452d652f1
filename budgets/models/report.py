"""What came of it: a photo, three sentences and the receipts."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from contributions.models import Contribution, ContributionQuerySet, Status
from contributions.models.contribution import SEEN_BY_MODERATORS
from contributions.scope import within_grants
from jongerenraad.models import Membership

from .application import Application, Document, Stage

MAX_SENTENCE = 500


class GrantReportQuerySet(ContributionQuerySet["GrantReport"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the reports that a user may see, never without its application.

        Everybody sees one that the council closed and that stands published; the council and the
        programme office read it from the moment it is handed in.
        """
        seen = Q(status=Status.PUBLISHED, application__stage=Stage.CLOSED)
        if user.is_authenticated:
            seen |= Q(author=user)
            seen |= Q(status__in=SEEN_BY_MODERATORS) & within_grants(user, Role.MODERATOR)
            handed_in = ~Q(status__in=[Status.DRAFT, Status.WITHDRAWN])
            seen |= handed_in & within_grants(user, Role.PROGRAMME_OFFICE)
            councils = Membership.objects.current(timezone.now()).filter(person=user)
            seen |= handed_in & Q(application__fund__council__in=councils.values("term__council"))
        return self.filter(seen, application__in=Application.objects.visible_to(user).values("pk"))


class GrantReport(Contribution):
    """How it went, told by who got the money. Pictures hang on its dossier."""

    kind = "grant_report"

    application = models.OneToOneField(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="report"
    )
    did = models.TextField(_("what you did"), max_length=MAX_SENTENCE, blank=True)
    met = models.TextField(_("who came"), max_length=MAX_SENTENCE, blank=True)
    learned = models.TextField(_("what you would do again"), max_length=MAX_SENTENCE, blank=True)

    objects = GrantReportQuerySet.as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            *Contribution.Meta.constraints,
            models.CheckConstraint(
                name="grant_report_handed_in_is_complete",
                condition=Q(status="draft") | (~Q(did="") & ~Q(met="") & ~Q(learned="")),
            ),
        ]

    def __str__(self) -> str:
        return self.did[:60]

    def get_absolute_url(self) -> str:
        return self.application.get_absolute_url()


class Receipt(models.Model):
    """A photographed receipt with its amount, in cents."""

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT,
        related_name="receipts",
    )  # fmt: skip
    document = models.OneToOneField(
        Document, verbose_name=_("file"), on_delete=models.PROTECT, related_name="receipt"
    )
    description = models.CharField(_("what it is for"), max_length=120)
    cents = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(name="receipt_costs_something", condition=Q(cents__gte=1)),
        ]

    def __str__(self) -> str:
        return self.description
