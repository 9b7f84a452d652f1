"""What all kinds of contributions share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from areas.models import Area
from contributions.scope import within_grants

from .dossier import Dossier
from .translation import Translation

if TYPE_CHECKING:
    from contributions.voices import Voice


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for review")
    PUBLISHED = "published", _("published")
    RETURNED = "returned", _("returned to the author")
    REJECTED = "rejected", _("rejected")
    HIDDEN = "hidden", _("hidden")
    WITHDRAWN = "withdrawn", _("withdrawn by the author")


class Channel(models.TextChoices):
    """How a contribution or a support came in; every count can be split by it."""

    WEB = "web", _("website")
    ASSISTED = "assisted", _("told to someone")
    PAPER = "paper", _("on paper")
    MEETING = "meeting", _("at a meeting")
    IMPORT = "import", _("taken over from elsewhere")


C = TypeVar("C", bound="Contribution")


class ContributionQuerySet(models.QuerySet[C]):
    """The verbs that every kind's queryset has."""

    def published(self) -> Self:
        """Return what everyone may read."""
        return self.filter(status=Status.PUBLISHED)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return what a user may see: the one door for pages, counts, feeds, files and mails.

        Everyone sees what is published, an author what is their own, and a moderator what was
        submitted in the areas and languages granted to them. Kinds that hang on another
        contribution narrow this further.
        """
        seen = Q(status=Status.PUBLISHED)
        if user.is_authenticated:
            seen |= Q(author=user)
            submitted = Q(status__in=SEEN_BY_MODERATORS)
            seen |= submitted & within_grants(user, Role.MODERATOR)
            if user.has_role(Role.PROGRAMME_OFFICE):
                # What a moderator passed on to it.
                passed = Q(dossier__passed_to_office=True)
                seen |= submitted & passed & within_grants(user, Role.PROGRAMME_OFFICE)
        return self.filter(seen)

    def in_language(self, language: str) -> Self:
        """Annotate each with its translation (``translated``), in the same query.

        ``contributions.translations.shown_words`` says what of it a reader gets.
        """
        found = Translation.objects.current().filter(dossier=OuterRef("dossier"), language=language)
        row = JSONObject(words="words", maker="maker", state="state", digest="source_digest")
        return self.annotate(translated=Subquery(found.values(data=row)[:1]))

    def held_by(self, draft_key: str) -> Self:
        """Return the drafts that a browser without an account holds the key of."""
        if not draft_key:
            return self.none()
        return self.filter(status=Status.DRAFT, author__isnull=True, draft_key=draft_key)

    def locked(self) -> Self:
        """Lock the rows until the transaction ends; foreign keys to them may still be made."""
        return self.select_for_update(no_key=True, of=("self",))

    def locked_with_dossier(self) -> Self:
        """Lock the rows and their dossiers, so that both are read as they are after the wait.

        A joined row that is not locked is read as it was before: somebody else's decision, made
        while this one waited, would not be seen.
        """
        return self.select_related("dossier").select_for_update(no_key=True, of=("self", "dossier"))


SEEN_BY_MODERATORS = (Status.SUBMITTED, Status.RETURNED, Status.REJECTED, Status.HIDDEN)


class Contribution(models.Model):
    """A text (with pictures) by a participant that others will see.

    Its status changes through ``contributions.actions`` alone.
    """

    #: The name under which the kind is declared in its app's ``kinds.py``.
    kind: str = ""
    #: What ``contributions.voices.with_voices`` found for the page that shows it.
    voices: "Sequence[Voice]" = ()
    can_read_aloud: bool = False

    dossier = models.OneToOneField(
        Dossier, verbose_name=_("dossier"), on_delete=models.PROTECT, related_name="%(class)s"
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    author = models.ForeignKey(
        User,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )
    entered_by = models.ForeignKey(
        User,
        verbose_name=_("entered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    channel = models.CharField(
        _("came in by"), max_length=10, choices=Channel.choices, default=Channel.WEB
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.CONTENT_LANGUAGES)
    area = models.ForeignKey(
        Area,
        verbose_name=_("neighbourhood"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )
    draft_key = models.CharField(max_length=43, blank=True, editable=False)
    created_at = models.DateTimeField(_("started at"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="%(class)s_submitted_has_area",
                condition=Q(status="draft") | Q(area__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_published_has_time",
                condition=~Q(status__in=["published", "hidden"]) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_has_author_or_key",
                condition=Q(author__isnull=False) | ~Q(draft_key="") | ~Q(channel="web"),
            ),
        ]

    def get_absolute_url(self) -> str:
        raise NotImplementedError(f"{type(self).__name__} has no page")

    def is_of(self, user: User) -> bool:
        """Say whether somebody has a part in it, and so never decides about it."""
        return user.pk in (self.author_id, self.entered_by_id)

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def is_editable(self) -> bool:
        """Say whether its author may still change it (a published one by a revision)."""
        return self.status in (
            Status.DRAFT,
            Status.SUBMITTED,
            Status.RETURNED,
            Status.PUBLISHED,
            Status.WITHDRAWN,
        )

    def fields_of_revision(self) -> dict[str, Any]:
        """Return the fields that an edit may change, as they are now, ready for JSON."""
        raise NotImplementedError(f"{type(self).__name__} cannot be revised")
