"""The documents of search follow what stands on the site."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from contributions.models import SearchDocument, SearchSpelling, Status
from contributions.search.engines import Condition
from contributions.search.queries import parse
from contributions.search.ranking import Hits
from contributions.search.vocabulary import forget_unused_words
from contributions.tasks import forget_searched_words, sweep_search_documents
from ideas.listing import on_the_site
from ideas.models import Initiative
from tests import scenes
from tests.ideas import crowd

pytestmark = pytest.mark.django_db


def found(word: str) -> set[str]:
    return {one.title for one in on_the_site().filter(Hits(parse(word, "nl")).all)}


def test_the_index_follows_every_change_of_a_document():
    first, second = scenes.initiative("Bankje"), scenes.initiative("Lantaarn")
    assert (found("bankje"), found("lantaarn")) == ({"Bankje"}, {"Lantaarn"})

    document = SearchDocument.objects.get(dossier=first.dossier_id)
    document.terms = {"schommel"}
    document.save()
    assert (found("bankje"), found("schommel")) == (set(), {"Bankje"})

    SearchDocument.objects.filter(dossier=second.dossier_id).delete()
    assert found("lantaarn") == set()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps an index beside it")
def test_on_sqlite_the_index_agrees_with_the_documents():
    """A migration that makes the table anew forgets its triggers: this tells."""
    scenes.initiative("Bankje")
    gone = scenes.initiative("Lantaarn")
    SearchDocument.objects.filter(dossier=gone.dossier_id).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contributions_search_index (contributions_search_index, rank)"
            " VALUES ('integrity-check', 1)"
        )


@pytest.mark.postgresql
def test_on_postgresql_a_rare_word_and_a_rare_phrase_are_found_by_their_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    scenes.initiative("Bankje bij de boom")
    for typed, index in (("bankje", "search_index"), ('"bij de"', "search_pairs")):
        query = parse(typed, "nl")
        wanted = Hits(query)._wanted(Condition(query.groups))
        plan = SearchDocument.objects.filter(wanted).explain()
        assert f"contributions_{index}" in plan


def test_texts_from_before_search_are_found_after_a_sweep():
    crowd.initiatives(3, title="Bankje")
    assert found("bankje") == set()

    assert sweep_search_documents() == 3
    assert found("bankje") == {"Bankje"}
    assert sweep_search_documents() == 0


def test_a_sweep_asks_for_itself_until_it_is_done(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("contributions.tasks.DOCUMENTS_AT_MOST", 2)
    asked: list[None] = []
    monkeypatch.setattr(sweep_search_documents, "delay", lambda: asked.append(None))
    crowd.initiatives(3, title="Bankje")

    assert (sweep_search_documents(), len(asked)) == (2, 1)
    assert (sweep_search_documents(), len(asked)) == (1, 1)


def test_a_sweep_drops_what_went_past_the_actions_and_writes_old_editions_anew():
    kept, gone = scenes.initiative("Bankje"), scenes.initiative("Lantaarn")
    Initiative.objects.filter(pk=gone.pk).update(status=Status.HIDDEN)
    Initiative.objects.filter(pk=kept.pk).update(title="Schommel")
    SearchDocument.objects.filter(dossier=kept.dossier_id).update(edition=0)

    assert sweep_search_documents() == 2
    assert list(SearchDocument.objects.values_list("title", flat=True)) == ["Schommel"]
    assert not SearchSpelling.objects.filter(word__in=["bankje", "lantaarn"]).exists()


def test_the_command_makes_everything_anew():
    scenes.initiative("Bankje")
    SearchDocument.objects.update(terms="kapot")
    assert found("bankje") == set()
    out = StringIO()

    call_command("rebuild_search", "--all", stdout=out)

    assert found("bankje") == {"Bankje"}
    assert "1 written or dropped" in out.getvalue()


def test_at_night_words_that_stand_nowhere_are_forgotten():
    scenes.initiative("Bankje")
    SearchSpelling.objects.create(spelling="wees", word="wees")
    SearchSpelling.objects.create(spelling="wezen", word="wezen")

    forget_searched_words()

    assert not SearchSpelling.objects.filter(word__in=["wees", "wezen"]).exists()
    assert SearchSpelling.objects.filter(word="bankje").exists()
    forget_unused_words()


def test_only_kinds_that_say_so_have_a_document():
    idea = scenes.initiative("Bankje")
    scenes.comment(idea, "Een schommel erbij")

    assert list(SearchDocument.objects.values_list("kind", flat=True)) == ["initiative"]
