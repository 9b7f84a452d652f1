"""Plain words: what to say instead of words of policy, and texts of staff that stayed hard."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.records import Record

from .dossier import Dossier

MAX_WHY_HARD = 500


class PolicyWord(models.Model):
    """A word of policy in one language, and what a neighbour says instead; staff keeps them."""

    language = models.CharField(_("language"), max_length=10)
    word = models.CharField(_("word"), max_length=60)
    forms = models.TextField(_("other forms, one on each line"), blank=True)
    instead = models.CharField(_("what to say instead"), max_length=120)

    objects: ClassVar[models.Manager["PolicyWord"]] = models.Manager()

    class Meta:
        verbose_name = _("word of policy")
        verbose_name_plural = _("words of policy")
        ordering = ("language", "word")
        constraints = [
            models.UniqueConstraint(name="policy_word_once", fields=["language", "word"]),
        ]

    def __str__(self) -> str:
        return f"{self.word} ({self.language})"


class HardText(Record):
    """A text of staff that went on the site hard to read, and why; rows are only added.

    ``act`` is the act that placed the text, as the record of acts calls it. A text that hangs on
    another one, like the reason for a new date, stands with the dossier of that one.
    """

    dossier = models.ForeignKey(
        Dossier, verbose_name=_("dossier"), on_delete=models.PROTECT, related_name="hard_texts"
    )
    act = models.CharField(_("act"), max_length=80)
    language = models.CharField(_("language"), max_length=10)
    score = models.SmallIntegerField(_("score of Flesch-Douma"), null=True)
    words_in_sentence = models.FloatField(_("words in a sentence, on average"))
    letters_in_word = models.FloatField(_("letters in a word, on average"))
    reason = models.TextField(_("why it is hard to read"), max_length=MAX_WHY_HARD)
    written_by = models.ForeignKey(
        User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)

    class Meta:
        verbose_name = _("text that is hard to read")
        verbose_name_plural = _("texts that are hard to read")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(name="hard_text_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.written_at:%Y-%m-%d}"
