"""What checks found in a text: they mark and route, and never reject."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .dossier import Dossier
from .revision import Revision


class Mark(models.Model):
    """One thing that a check found, as long as the text holds it.

    ``found`` is the piece of text that it is about, for the moderator's eye; ``other`` the dossier
    of the text that it is nearly the same as.
    """

    class Check(models.TextChoices):
        """The checks, in the order in which they look."""

        TELEPHONE = "telephone", _("a telephone number")
        EMAIL = "email", _("an e-mail address")
        IBAN = "iban", _("a bank account number")
        BSN = "bsn", _("a number that may be a citizen service number")
        ADDRESS = "address", _("a street with a house number")
        LINK = "link", _("a link")
        LANGUAGE = "language", _("another language than was chosen")
        SHOUTING = "shouting", _("many capitals")
        RUDE = "rude", _("a word from the list of rude words")
        HELP = "help", _("words that may be a cry for help")
        NEAR_DOUBLE = "near_double", _("nearly the same as another text")
        BRIGADING = "brigading", _("many reports at once from new accounts")

    dossier = models.ForeignKey(
        Dossier, verbose_name=_("dossier"), on_delete=models.PROTECT, related_name="marks"
    )
    revision = models.ForeignKey(
        Revision,
        verbose_name=_("came with the change"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="marks",
    )
    check_name = models.CharField(_("check"), max_length=12, choices=Check.choices)
    found = models.CharField(_("what was found"), max_length=200, blank=True)
    other = models.ForeignKey(
        Dossier,
        verbose_name=_("nearly the same as"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    found_at = models.DateTimeField(_("found at"), default=timezone.now)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.check_name}"


class WordList(models.Model):
    """Words that a check looks for in texts of one language, one on each line; staff edits them."""

    class Purpose(models.TextChoices):
        RUDE = "rude", _("rude words")
        HELP = "help", _("words that may be a cry for help")

    language = models.CharField(_("language"), max_length=10)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    words = models.TextField(_("words, one on each line"), blank=True)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        User,
        verbose_name=_("changed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("list of words")
        verbose_name_plural = _("lists of words")
        ordering = ("purpose", "language")
        constraints = [
            models.UniqueConstraint(name="one_list_of_words", fields=["language", "purpose"]),
            models.CheckConstraint(
                name="word_list_purpose_is_known", condition=Q(purpose__in=["rude", "help"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.language})"
