"""Searching the list: what is found, in which order, marked how, and what strangers type."""

import datetime
import re
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from contributions import actions as review
from contributions.forms import PicturesForm
from contributions.models import SearchDocument, SearchSpelling, Status
from contributions.search.documents import write_documents
from ideas import actions
from ideas.listing import COUNT_AT_MOST, PAGE_SIZE
from ideas.models import Initiative, Progress
from tests import scenes
from tests.ideas import crowd
from tests.ideas.test_list import LIST, shown, walk
from tests.pages import words

pytestmark = pytest.mark.django_db

HIDDEN_FROM_ALL = [status for status in Status.values if status != Status.PUBLISHED]


def found(browser: Client, typed: str, **query: Any) -> list[str]:
    """Return the titles that a search finds, in order."""
    return shown(browser, q=typed, **query)


def change_title(initiative: Initiative, title: str) -> None:
    """Ask for another title, as its author."""
    actions.revise(
        initiative=initiative,
        by=initiative.author,
        values={"title": title},
        form=_no_pictures(initiative),
    )


def _no_pictures(initiative: Initiative) -> Any:
    form = PicturesForm({})
    form.is_valid()
    return form


# --- What is found ---


def test_all_words_count_in_title_and_story_and_the_title_comes_first(client: Client):
    now = timezone.now()
    for number, (title, text) in enumerate(
        [
            ("A tree and a bench", "Both."),
            ("A tree", "Beside it a bench."),
            ("A fence", "Between the bench and the tree."),
            ("A bench", "Only that."),
            ("Tree with benches", "An older one."),
        ]
    ):
        moment = now - datetime.timedelta(hours=number)
        scenes.initiative(title, text=text, language="en", now=moment)

    assert found(client, "bench tree") == [
        "A tree and a bench",
        "Tree with benches",
        "A tree",
        "A fence",
    ]
    assert found(client, "bench tree", sort="newest") == [
        "A tree and a bench",
        "A tree",
        "A fence",
        "Tree with benches",
    ]
    assert found(client, '"a bench"') == ["A tree and a bench", "A bench", "A tree"]


def test_a_search_goes_together_with_every_filter(client: Client):
    laak, other = scenes.area("laak"), scenes.area("moerwijk")
    scenes.initiative("Bankje een", where=laak, language="nl", theme=scenes.theme("wonen", "home"))
    done = scenes.initiative("Bankje twee", where=laak, groups=[scenes.target_group()])
    Initiative.objects.filter(pk=done.pk).update(progress=Progress.DONE)
    scenes.initiative("Bankje drie", where=other, language="pl")
    scenes.initiative("Boom", where=laak)

    assert found(client, "bankje") == ["Bankje drie", "Bankje twee", "Bankje een"]
    assert found(client, "bankje", area="laak") == ["Bankje twee", "Bankje een"]
    assert found(client, "bankje", theme="wonen") == ["Bankje een"]
    assert found(client, "bankje", state="done", group="jongeren") == ["Bankje twee"]
    assert found(client, "bankje", language="pl") == ["Bankje drie"]
    assert found(client, "bankje", area="laak", state="open", language="nl") == ["Bankje een"]
    assert found(client, "boom", area="moerwijk") == []


def test_the_form_keeps_words_and_choices_together_without_a_script(client: Client):
    scenes.initiative("Bankje", where=scenes.area("laak"))

    page = client.get(LIST, {"q": "bankje", "area": "laak"}).content.decode()

    form = re.search(r'<form method="get".*?</form>', page, re.DOTALL)
    assert form
    assert 'name="q" value="bankje"' in form[0]
    assert re.search(r'<option value="laak"\s+selected', form[0])
    assert 'type="submit"' in form[0]


@pytest.mark.parametrize("sort", ["", "best", "newest", "support"])
def test_pages_of_a_search_show_everything_once(client: Client, sort: str):
    in_title = crowd.initiatives(30, title=lambda number: f"Lamp {number % 3}", text="x")
    below = crowd.initiatives(40, title="Iets", text="Een lamp in onze straat")
    both = crowd.initiatives(5, title="Lamp nogmaals", text="Nog een lamp")
    others = crowd.initiatives(10, title="Iets anders")
    write_documents([*in_title, *below, *both, *others])

    met = walk(client, q="lamp", **({"sort": sort} if sort else {}))

    assert len(met) == len(set(met))
    assert set(met) == {one.pk for one in [*in_title, *below, *both]}
    if sort in ("", "best"):
        assert {*met[:35]} == {one.pk for one in [*in_title, *both]}


def test_more_than_can_be_counted_is_said_so(client: Client):
    write_documents(crowd.initiatives(COUNT_AT_MOST + 20, title="Lamp"))

    page = client.get(LIST, {"q": "lamp"})

    assert len(page.context["listing"].initiatives) == PAGE_SIZE
    assert page.context["listing"].has_more_than_counted
    assert f"{COUNT_AT_MOST}+" in words(page)


def test_a_cursor_of_another_order_is_answered_with_a_sentence(client: Client):
    scenes.initiative("Bankje")
    for query in ({"q": "bankje", "after": "12.3"}, {"after": "1.12.3"}, {"sort": "best"}):
        assert client.get(LIST, query).status_code == (200 if "sort" in query else 400)


# --- Only what everybody may read ---


@pytest.mark.parametrize("status", HIDDEN_FROM_ALL)
def test_what_is_not_on_the_site_is_not_found_counted_or_suggested(client: Client, status: str):
    author = scenes.person()
    made = scenes.initiative(
        "Xylofoon", text="Een trampoline", author=author, status=status, language="nl"
    )
    readers = [client, Client(), Client()]
    readers[1].force_login(author)
    readers[2].force_login(scenes.moderator())

    for reader in readers:
        for typed in ("xylofoon", "trampoline", "trampolien", "xylofon"):
            page = reader.get(LIST, {"q": typed})
            assert page.context["listing"].count == 0
            assert page.context["listing"].corrected is None
    assert not SearchDocument.objects.filter(dossier=made.dossier_id).exists()
    assert not SearchSpelling.objects.filter(word__in=["xylofoon", "trampoline"]).exists()


def test_a_hidden_text_is_found_again_once_it_is_restored(client: Client):
    made = scenes.initiative("Xylofoon", status=Status.HIDDEN)
    review.restore(dossier=made.dossier, by=scenes.moderator())

    assert found(client, "xylofoon") == ["Xylofoon"]
    assert found(client, "xylofon") == ["Xylofoon"]


def test_words_of_another_text_stay_known_when_one_goes(client: Client):
    scenes.initiative("Bankje rood")
    gone = scenes.initiative("Bankje blauw")
    actions.take_away(initiative=gone, by=gone.author)

    assert found(client, "bnakje") == ["Bankje rood"]
    assert set(SearchSpelling.objects.values_list("word", flat=True)) >= {"bankje", "rood"}
    assert not SearchSpelling.objects.filter(word="blauw").exists()


def test_a_double_that_was_joined_is_not_found_until_it_is_taken_apart(client: Client):
    double, other = scenes.initiative("Xylofoon"), scenes.initiative("Trampoline")
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    actions.merge(double=double, into=other, by=office, reason="The same idea.")
    assert found(client, "xylofoon") == []
    assert not SearchSpelling.objects.filter(word="xylofoon").exists()

    actions.undo_merger(double=double, by=office)
    assert found(client, "xylofoon") == ["Xylofoon"]


def test_even_with_a_document_left_behind_nothing_is_found(client: Client):
    made = scenes.initiative("Xylofoon")
    Initiative.objects.filter(pk=made.pk).update(status=Status.HIDDEN)

    for typed in ("xylofoon", "xylofon"):
        page = client.get(LIST, {"q": typed})
        assert (page.context["listing"].count, page.context["listing"].corrected) == (0, None)


def test_a_change_is_found_once_it_is_accepted_and_the_old_words_are_gone(client: Client):
    made = scenes.initiative("Xylofoon")
    change_title(made, "Trampoline")
    assert found(client, "trampoline") == []
    assert found(client, "xylofoon") == ["Xylofoon"]

    review.accept_revision(dossier=made.dossier, by=scenes.moderator())

    assert found(client, "trampoline") == ["Trampoline"]
    assert found(client, "xylofoon") == []
    assert not SearchSpelling.objects.filter(word="xylofoon").exists()


def test_the_place_of_an_idea_is_no_word_of_it(client: Client):
    scenes.initiative("Bankje", address_line="Xylofoonstraat 3")

    assert found(client, "xylofoonstraat") == []


# --- Typing errors ---


@pytest.mark.parametrize("typed", ["bnakje", "banje", "bankjje", "bamkje", "bankj3"])
def test_a_typing_error_finds_its_word_and_says_so(client: Client, typed: str):
    scenes.initiative("Een bankje")
    page = client.get(LIST, {"q": f"een {typed}"})

    listing = page.context["listing"]
    assert [one.title for one in listing.initiatives] == ["Een bankje"]
    assert listing.corrected.text == "een bankje"
    assert f"<bdi>een {typed}</bdi>" in page.content.decode()
    assert "<mark>bankje</mark>" in page.content.decode()


def test_the_nearest_word_wins_and_among_equals_the_most_frequent(client: Client):
    scenes.initiative("Lampen")
    scenes.initiative("Kampen")
    scenes.initiative("Kampen nog eens")

    page = client.get(LIST, {"q": "rampen"})

    assert page.context["listing"].corrected.text == "kampen"


def test_words_that_stand_there_but_never_together_are_not_corrected(client: Client):
    scenes.initiative("Rood bankje")
    scenes.initiative("Groen hek")

    page = client.get(LIST, {"q": "rood hek"})

    assert page.context["listing"].corrected is None
    assert page.context["listing"].count == 0
    assert reverse("ideas:list") in page.content.decode()


# --- What matched is marked ---


def test_what_matched_is_marked_in_title_and_story_and_stays_harmless(client: Client):
    scenes.initiative(
        "Bankjes <script> & meer",
        text=f"{'woord ' * 60}dan <b>het</b> **bankje** & {'nog ' * 60}",
        language="nl",
    )

    page = client.get("/nl/initiatieven/", {"q": "bankje <script>"}).content.decode()

    assert "<mark>Bankjes</mark> &lt;<mark>script</mark>&gt; &amp; meer" in page
    page = client.get("/nl/initiatieven/", {"q": "bankje"}).content.decode()
    assert "<mark>Bankjes</mark> &lt;script&gt; &amp; meer" in page
    excerpt = re.search(r'class="card__found"[^>]*>(.*?)</p>', page)
    assert excerpt
    assert "<mark>bankje</mark> &amp; nog" in excerpt[1]
    assert excerpt[1].startswith("… ")
    assert len(excerpt[1]) < 300


def test_a_phrase_is_marked_only_where_it_stands(client: Client):
    scenes.initiative("Samen", text="Samen koken en samen eten.", language="nl")

    page = client.get("/nl/initiatieven/", {"q": '"samen eten"'}).content.decode()

    assert "Samen koken en <mark>samen eten</mark>." in page


def test_the_kept_drawing_of_a_card_bears_no_marks(client: Client):
    scenes.initiative("Bankje")
    assert "<mark>" in client.get(LIST, {"q": "bankje"}).content.decode()
    assert "<mark>" not in client.get(LIST).content.decode()


# --- What strangers type ---


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 10_000,
        "bankje " * 2_000,
        "a" * 1_000_000,
        "\u0301" * 100_000,
        "é\u0301" * 10_000,
        "%",
        "_",
        "%%__%",
        "\x00\x01\x02",
        "'\"",
        '"""""',
        "()*:^-+~<>@|&!",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        "\u202e\u2066",
    ],
)
def test_what_cannot_be_looked_for_gets_a_sentence_and_the_list(client: Client, typed: str):
    scenes.initiative("Bankje")
    begin = time.monotonic()

    page = client.get(LIST, {"q": typed})

    assert page.status_code == 400
    assert page.context["listing"].problems
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize(
    "typed",
    [
        "bankje\x00",
        "bank\x00je bankje",
        "bankje'; DROP TABLE x; --",
        'bankje"',
        '"bankje',
        "bankje AND",
        "NOT bankje",
        "bankje*",
        "(bankje",
        "bankje & | ! <-> :A",
        "nl:bankje",
        "=bankje",
        "bankje\\",
        "%bankje_",
        "“bankje”",
        "\u202ebankje",
        "bankje\n\t\r bankje",
    ],
)
def test_operators_quotes_and_control_characters_mean_nothing(client: Client, typed: str):
    scenes.initiative("Bankje drop table x nl and not a 1")

    page = client.get(LIST, {"q": typed})

    assert page.status_code == 200
    assert page.context["listing"].count in (0, 1)
    assert "bankje" in page.context["listing"].search.text


def test_of_many_words_the_first_are_looked_for_and_that_is_said(client: Client):
    scenes.initiative("Een twee drie vier vijf zes zeven acht negen tien elf twaalf")

    page = client.get(LIST, {"q": "twee drie vier vijf zes zeven acht negen nietbestaand"})

    assert page.context["listing"].count == 1
    assert page.context["listing"].search.has_more_words
    assert "8" in words(page)


def test_an_empty_search_is_the_list(client: Client):
    scenes.initiative("Bankje")
    for typed in ("", "   "):
        page = client.get(LIST, {"q": typed})
        assert page.status_code == 200
        assert page.context["listing"].count == 1
