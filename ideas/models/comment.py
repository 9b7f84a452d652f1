"""Comments under an initiative, and answers to them."""

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.models import Contribution, ContributionQuerySet, Status

from .initiative import Initiative

MAX_COMMENT = 2000


class CommentQuerySet(ContributionQuerySet["Comment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the comments a user may see, under initiatives that the user may see."""
        initiatives = Initiative.objects.visible_to(user).order_by()
        return super().visible_to(user).filter(initiative__in=initiatives.values("pk"))

    def in_thread(self, user: User | AnonymousUser) -> Self:
        """Return what a thread shows: visible comments, and a tombstone for each hidden one.

        One that its writer took away leaves a tombstone where others answered it. Whether a row is
        a tombstone is asked of the row with ``is_tombstone_for``.
        """
        own = Q(author=user) if user.is_authenticated else Q(pk__in=[])
        answers = Comment.objects.published().filter(parent=OuterRef("pk"))
        return self.filter(
            Q(status=Status.PUBLISHED)
            | Q(status=Status.HIDDEN)
            | (own & Q(status=Status.SUBMITTED))
            | (Q(status=Status.WITHDRAWN) & Exists(answers))
        )


class Comment(Contribution):
    """What a neighbour says about an initiative: for, against, a question, or just something.

    ``written_under`` names the double that it came along with.
    An answer to a comment has it as ``parent``; answers are not answered (two levels).
    """

    kind = "comment"

    class Stance(models.TextChoices):
        NONE = "", _("just a comment")
        FOR = "for", _("I am for this")
        AGAINST = "against", _("I am against this")
        QUESTION = "question", _("I have a question")

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="comments",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("answer to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
    )
    written_under = models.ForeignKey(
        Initiative,
        verbose_name=_("written under"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    stance = models.CharField(
        _("what do you think?"), max_length=10, choices=Stance.choices, blank=True
    )
    text = models.TextField(_("comment"), max_length=MAX_COMMENT)

    objects = CommentQuerySet.as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            *Contribution.Meta.constraints,
            models.CheckConstraint(
                name="comment_stance_is_known",
                condition=Q(stance__in=["", "for", "against", "question"]),
            ),
            models.CheckConstraint(
                name="comment_reply_takes_no_stance",
                condition=Q(parent__isnull=True) | Q(stance=""),
            ),
            models.CheckConstraint(
                name="comment_is_not_its_own_answer",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
            ),
        ]
        indexes = [
            models.Index(name="comment_thread", fields=["initiative", "parent", "id"]),
            models.Index(
                name="comment_written_under_double",
                fields=["written_under"],
                condition=Q(written_under__isnull=False),
            ),
            models.Index(
                name="comment_draft_by_key",
                fields=["draft_key"],
                condition=Q(status="draft", author__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        # The page of the thread that begins with it (or with what it answers), however long it is.
        top = self.parent_id or self.pk
        return f"{self.initiative.get_absolute_url()}?after={top - 1}#reactie-{self.pk}"

    def get_edit_url(self) -> str:
        return reverse(
            "ideas:comment",
            kwargs={
                "pk": self.initiative_id,
                "slug": self.initiative.address_slug,
                "comment_pk": self.pk,
            },
        )

    def is_tombstone_for(self, user: User | AnonymousUser) -> bool:
        """Say whether only the place of this comment may be shown, without text or name."""
        if self.status == Status.WITHDRAWN:
            return True
        return self.status == Status.HIDDEN and (
            not user.is_authenticated or self.author_id != user.pk
        )

    def fields_of_revision(self) -> dict[str, Any]:
        return {"text": self.text, "language": self.language, "stance": self.stance}
