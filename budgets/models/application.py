"""An application for money: what for, for whom, what it costs, and how far it is."""

import uuid
from typing import Any, NoReturn, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.holdings import GONE
from accounts.models import Role, User
from contributions.models import Contribution, ContributionQuerySet, Status
from contributions.models.contribution import SEEN_BY_MODERATORS
from contributions.scope import within_grants
from ideas.models import Initiative
from jongerenraad.models import Matter, Membership

from .fund import Fund

MAX_TITLE = 120
MAX_WHAT = 3000
MAX_PART = 600


class Stage(models.TextChoices):
    """How far an application is: a thing apart from the status of its text."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("handed in")
    RETURNED = "returned", _("back with the applicant")
    CHECKED = "checked", _("checked")
    IN_DELIBERATION = "in_deliberation", _("the council votes on it")
    GRANTED = "granted", _("granted")
    PARTLY_GRANTED = "partly_granted", _("granted in part")
    DECLINED = "declined", _("declined")
    AGREED = "agreed", _("agreed upon")
    ORDERED = "ordered", _("payment ordered")
    PAID = "paid", _("paid")
    REPORT_DUE = "report_due", _("waiting for the report")
    REPORTED = "reported", _("reported")
    CLOSED = "closed", _("done and accounted for")
    WITHDRAWN = "withdrawn", _("withdrawn by the applicant")
    OVERDUE = "overdue", _("the report is late")
    RECOVERY = "recovery", _("money is claimed back")


#: Money was promised and the council answers for it in public.
PUBLIC_STAGES = (
    Stage.GRANTED,
    Stage.PARTLY_GRANTED,
    Stage.AGREED,
    Stage.ORDERED,
    Stage.PAID,
    Stage.REPORT_DUE,
    Stage.REPORTED,
    Stage.CLOSED,
    Stage.OVERDUE,
    Stage.RECOVERY,
)
#: The applicant may still change what is asked.
EDITED_IN = (Stage.DRAFT, Stage.RETURNED)


class ApplicationQuerySet(ContributionQuerySet["Application"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the applications that a user may see.

        Everybody sees those that got money and whose text stands; the applicant their own; a
        moderator the texts of their areas and languages; members and mentors of the council, and
        the programme office for its areas, all that was handed in, also where its text is not shown
        to others.
        """
        seen = Q(status=Status.PUBLISHED, stage__in=PUBLIC_STAGES)
        if user.is_authenticated:
            seen |= Q(author=user)
            seen |= Q(status__in=SEEN_BY_MODERATORS) & within_grants(user, Role.MODERATOR)
            handed_in = ~Q(stage=Stage.DRAFT) & ~Q(status__in=[Status.DRAFT, Status.WITHDRAWN])
            seen |= handed_in & within_grants(user, Role.PROGRAMME_OFFICE)
            councils = Membership.objects.current(timezone.now()).filter(person=user)
            seen |= handed_in & Q(fund__council__in=councils.values("term__council"))
        return self.filter(seen)

    def that_got_money(self) -> Self:
        return self.filter(stage__in=PUBLIC_STAGES)


class Application(Contribution):
    """A request for money of a council's fund, by itself or for an initiative. Amounts in cents.

    The council checks and decides about the money, while moderators read the text as any other:
    both are needed before everybody sees it. ``stage`` changes through ``budgets.actions`` alone.
    """

    kind = "application"

    class Recipient(models.TextChoices):
        APPLICANT = "applicant", _("the applicant")
        ADULT = "adult", _("an adult")
        ORGANISATION = "organisation", _("an organisation")

    fund = models.ForeignKey(
        Fund, verbose_name=_("fund"), on_delete=models.PROTECT, related_name="applications"
    )
    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("for the idea"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
    )
    title = models.CharField(_("title"), max_length=MAX_TITLE, blank=True)
    what = models.TextField(_("what you want to do"), max_length=MAX_WHAT, blank=True)
    for_whom = models.TextField(_("for whom"), max_length=MAX_PART, blank=True)
    starts_date = models.DateField(_("first day"), null=True, blank=True)
    ends_date = models.DateField(_("last day"), null=True, blank=True)
    own_contribution = models.TextField(
        _("what you bring in yourselves"), max_length=MAX_PART, blank=True
    )
    recipient = models.CharField(
        _("who receives the money"), max_length=15, choices=Recipient.choices, blank=True
    )
    recipient_name = models.CharField(_("name of who receives it"), max_length=120, blank=True)
    recipient_email = models.EmailField(_("e-mail address of who receives it"), blank=True)
    shows_name = models.BooleanField(_("my name may stand beside it"), default=False)
    stage = models.CharField(
        _("stage"), max_length=20, choices=Stage.choices, default=Stage.DRAFT, editable=False
    )
    stage_since = models.DateTimeField(_("in this stage since"), default=timezone.now)
    requested = models.BigIntegerField(_("requested"), null=True, blank=True)
    granted = models.BigIntegerField(_("granted"), null=True, blank=True)
    report_due_date = models.DateField(_("report before the end of"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked for the report at"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            *Contribution.Meta.constraints,
            models.CheckConstraint(
                name="application_stage_is_known", condition=Q(stage__in=Stage.values)
            ),
            models.CheckConstraint(
                name="application_handed_in_is_complete",
                condition=Q(stage__in=["draft", "withdrawn"])
                | (
                    ~Q(title="")
                    & ~Q(what="")
                    & ~Q(recipient="")
                    & Q(starts_date__isnull=False, ends_date__gte=F("starts_date"))
                    & Q(requested__gte=1)
                ),
            ),
            models.CheckConstraint(
                name="application_grant_fits_request",
                condition=Q(granted__isnull=True) | Q(granted__gte=1, requested__gte=F("granted")),
            ),
            models.CheckConstraint(
                name="application_granted_has_an_amount",
                condition=~Q(stage__in=[stage.value for stage in PUBLIC_STAGES])
                | Q(granted__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="application_of_fund", fields=["fund", "stage", "-id"]),
            models.Index(
                name="application_report_due",
                fields=["stage", "report_due_date"],
                condition=Q(stage__in=["paid", "report_due"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse(
            "budgets:application", kwargs={"council": self.fund.council.slug, "pk": self.pk}
        )

    @property
    def is_public(self) -> bool:
        return self.stage in PUBLIC_STAGES and self.is_published

    @property
    def is_open_to_change(self) -> bool:
        """Say whether its applicant may still change what is asked."""
        return self.stage in EDITED_IN

    @property
    def shown_name(self) -> str:
        """The applicant's name where they agreed to it; never of somebody under 16."""
        author = self.author
        if author is None or not self.shows_name or author.is_under_16:
            return ""
        return author.public_name


class CostLine(models.Model):
    """One thing that costs money, in cents."""

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.CASCADE, related_name="lines"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    description = models.CharField(_("what it is for"), max_length=120)
    cents = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("cost line")
        verbose_name_plural = _("cost lines")
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(name="cost_line_costs_something", condition=Q(cents__gte=1)),
        ]

    def __str__(self) -> str:
        return self.description


def document_path(document: "Document", _filename: str) -> str:
    # The uploaded name is dropped: the address says nothing and cannot be guessed.
    return f"documents/{document.key}.webp"


class Document(models.Model):
    """A quote or a receipt, drawn anew as one picture; private to the applicant and the council.

    ``digest`` (SHA-256 of the picture drawn) tells when the same file is sent twice.
    """

    class Kind(models.TextChoices):
        QUOTE = "quote", _("quote")
        RECEIPT = "receipt", _("receipt")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT,
        related_name="documents",
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    line = models.ForeignKey(
        CostLine,
        verbose_name=_("belongs to"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="quotes",
    )
    image = models.FileField(_("file"), upload_to=document_path, max_length=200)
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("added at"), default=timezone.now)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("pk",)
        indexes = [models.Index(name="document_by_digest", fields=["digest"])]

    def __str__(self) -> str:
        return str(self.key)


class Recusal(models.Model):
    """Why a member takes no part in what is decided about an application."""

    class Ground(models.TextChoices):
        APPLICANT = "applicant", _("is the applicant")
        HOUSEHOLD = "household", _("lives with the applicant")
        OTHER = "other", _("is involved in another way")

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT,
        related_name="recusals",
    )  # fmt: skip
    person = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="recusals"
    )
    ground = models.CharField(_("why"), max_length=10, choices=Ground.choices)
    reason = models.CharField(_("in a few words"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        User, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [
            models.UniqueConstraint(
                name="one_recusal_per_person", fields=["application", "person"]
            ),
            models.CheckConstraint(
                name="recusal_for_another_cause_says_which",
                condition=~Q(ground="other") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.person_id}"


class Deliberation(models.Model):
    """The vote of the council on giving an amount, in cents, to an application."""

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT,
        related_name="deliberations",
    )  # fmt: skip
    matter = models.OneToOneField(
        Matter, verbose_name=_("matter"), on_delete=models.PROTECT, related_name="deliberation"
    )
    cents = models.BigIntegerField(_("amount proposed"))

    class Meta:
        verbose_name = _("deliberation")
        verbose_name_plural = _("deliberations")
        constraints = [
            models.CheckConstraint(name="deliberation_gives_something", condition=Q(cents__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.matter_id}"


class Approval(models.Model):
    """One of the signatures that an act needs: two pairs of eyes on money."""

    class Purpose(models.TextChoices):
        FAST_LANE = "fast_lane", _("a small amount, without a vote")
        ORDER = "order", _("a payment")

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT,
        related_name="approvals",
    )  # fmt: skip
    purpose = models.CharField(_("for"), max_length=10, choices=Purpose.choices)
    cents = models.BigIntegerField(_("amount"))
    person = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    office = models.CharField(_("office"), max_length=10)
    given_at = models.DateTimeField(_("given at"), default=timezone.now)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(
                name="one_approval_per_person", fields=["application", "purpose", "person"]
            ),
            models.UniqueConstraint(
                name="one_approval_per_office",
                fields=["application", "purpose", "office"],
                # Members stand in where an officer steps aside.
                condition=~Q(office="member"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.purpose}"


class RecordIsKept(Exception):
    """Raised where code tries to change or delete a row that is on the record."""


class StageChangeQuerySet(models.QuerySet["StageChange"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise RecordIsKept("What happened stays as it was.")

    def delete(self) -> NoReturn:
        raise RecordIsKept("What happened stays as it was.")

    def empty_words(self) -> int:
        """Take the words away, since the applicant has left; the database lets only this pass."""
        written = Case(When(reason="", then=Value("")), default=Value(GONE))
        return super().update(reason=written)


class StageChange(models.Model):
    """What was done with an application: by whom, when and why. Rows are only ever added.

    ``by`` is empty where the clock, an import or the council's vote did it.
    """

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT,
        related_name="changes",
    )  # fmt: skip
    act = models.CharField(_("act"), max_length=20)
    from_stage = models.CharField(_("stage before"), max_length=20, choices=Stage.choices)
    to_stage = models.CharField(_("stage after"), max_length=20, choices=Stage.choices)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(
        User,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    office = models.CharField(_("as"), max_length=20, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = StageChangeQuerySet.as_manager()

    #: Who did it, as the page that shows it calls them.
    by_name: str = ""

    class Meta:
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                name="stage_change_against_says_why",
                condition=~Q(to_stage__in=["returned", "declined", "recovery"]) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.to_stage}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RecordIsKept("What happened stays as it was.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RecordIsKept("What happened stays as it was.")
