"""Keeps the documents of search in step with what stands on the site."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Exists, OuterRef

from contributions.kinds import Kind, all_kinds, kind_of
from contributions.models import Contribution, SearchDocument
from contributions.search.vocabulary import forget_words, learn_words
from contributions.search.words import EDITION, folded_text, pairs_of, terms, words_of

#: Before a term, it says that the word stands in the title.
IN_TITLE = "="
#: Rows that are locked at once, while others wait to support them.
BATCH = 20


def document_of(contribution: Contribution) -> SearchDocument | None:
    """Return the document of a text, not saved; none where search leaves its kind out."""
    search = kind_of(contribution).search
    if search is None:
        return None
    told = search(contribution)
    language = contribution.language
    in_title = _terms_of(told.title, language)
    folded_title, folded_below = folded_text(told.title), folded_text(told.text)
    return SearchDocument(
        dossier_id=contribution.dossier_id,
        kind=contribution.kind,
        language=language,
        title=told.title,
        text=told.text,
        terms={
            *in_title,
            *(IN_TITLE + term for term in in_title),
            *_terms_of(told.text, language),
        },
        pairs=pairs_of(folded_title) | pairs_of(folded_below),
        # Two spaces between title and text, so that no phrase reaches over both.
        folded=folded_title + folded_below,
        edition=EDITION,
    )


def _terms_of(text: str, language: str) -> set[str]:
    return {term for word in set(words_of(text)) for term in terms(word, language)}


def write_documents(contributions: Iterable[Contribution]) -> None:
    """Write the documents of published texts, each in place of the one it had."""
    made = [made for one in contributions if (made := document_of(one)) is not None]
    keys = [document.dossier_id for document in made]
    before = SearchDocument.objects.filter(pk__in=keys)
    words_before = _vocabulary(before.values_list("title", "text"))
    SearchDocument.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["dossier"],
        update_fields=[
            field.name for field in SearchDocument._meta.concrete_fields if not field.primary_key
        ],
    )
    words = _vocabulary((document.title, document.text) for document in made)
    learn_words(words)
    forget_words(words_before - words)


def write_document(contribution: Contribution) -> None:
    """Write the document of a text that was published or changed, in its transaction."""
    if kind_of(contribution).search is not None:
        write_documents([contribution])


def forget_document(contribution: Contribution) -> None:
    """Forget the words of a text that went off the site, in its transaction."""
    if kind_of(contribution).search is None:
        return
    documents = SearchDocument.objects.filter(pk=contribution.dossier_id)
    words = _vocabulary(documents.values_list("title", "text"))
    documents.delete()
    forget_words(words)


def _vocabulary(texts: Iterable[tuple[str, str]]) -> set[str]:
    return {word for pair in texts for text in pair for word in words_of(text)}


def catch_up(*, at_most: int) -> int:
    """Write documents that are missing or of an old edition, drop those without a text; count them.

    Serves the first start after an upgrade, and rows that somebody changed past the actions.
    """
    done = 0
    for kind in all_kinds():
        if kind.search is not None and done < at_most:
            done += _catch_up(kind, at_most - done)
    return done


def _catch_up(kind: Kind, at_most: int) -> int:
    texts = kind.model._default_manager.all()
    on_the_site = texts.visible_to(AnonymousUser())  # type: ignore[attr-defined]
    present = SearchDocument.objects.filter(pk=OuterRef("dossier_id"), edition=EDITION)
    missing = on_the_site.filter(~Exists(present)).order_by("pk")
    without_text = SearchDocument.objects.filter(kind=kind.name).exclude(
        pk__in=on_the_site.order_by().values("dossier")
    )
    keys = [*missing.values_list("pk", flat=True)[:at_most]]
    gone = without_text.values_list("pk", flat=True)[: at_most - len(keys)]
    keys += texts.filter(dossier__in=[*gone]).values_list("pk", flat=True)
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            locked = texts.locked().filter(pk__in=keys[start : start + BATCH]).order_by("pk")  # type: ignore[attr-defined]
            rows = list(locked)
            seen = set(
                on_the_site.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
            )
            write_documents(row for row in rows if row.pk in seen)
            for row in rows:
                if row.pk not in seen:
                    forget_document(row)
    return len(keys)
