"""What search looks through: a document per text, and the words that typing errors lead to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contributions.search.engines import TermsField

from .dossier import Dossier

LONGEST_SPELLING = 40


class SearchDocument(models.Model):
    """The words of one published text. A text that is not on the site has none.

    Written by ``contributions.search.documents`` in the transaction of what changes the text.
    ``pairs`` and ``folded`` are for phrases, ``text`` for the piece of text that a result shows.
    """

    dossier = models.OneToOneField(
        Dossier,
        verbose_name=_("dossier"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="search_document",
    )
    kind = models.CharField(_("kind"), max_length=30)
    language = models.CharField(_("language"), max_length=10)
    terms = TermsField(editable=False)
    pairs = TermsField(editable=False)
    title = models.TextField(_("title"))
    text = models.TextField(_("text"), blank=True)
    folded = models.TextField(editable=False)
    edition = models.PositiveSmallIntegerField(editable=False)

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")

    def __str__(self) -> str:
        return f"{self.kind} {self.dossier_id}"


class SearchSpelling(models.Model):
    """A way to write a word of the documents, or to leave one letter of it out.

    Two words that differ by one letter share a spelling.
    """

    spelling = models.CharField(max_length=LONGEST_SPELLING)
    word = models.CharField(max_length=LONGEST_SPELLING)

    class Meta:
        verbose_name = _("spelling")
        verbose_name_plural = _("spellings")
        constraints = [
            models.UniqueConstraint(name="one_row_per_spelling", fields=["spelling", "word"]),
        ]
        indexes = [models.Index(name="search_spelling_of_word", fields=["word"])]

    def __str__(self) -> str:
        return f"{self.spelling} → {self.word}"
