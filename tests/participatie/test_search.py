"""The search of the whole site: ideas, neighbourhoods, figures, councils and pages."""

import re

import pytest
from django.test import Client

from contributions.models import Status
from contributions.search.documents import write_documents
from participatie.finding import IDEAS_SHOWN
from participatie.models import Page
from tests import councils, scenes
from tests.ideas import crowd
from tests.pages import words

pytestmark = pytest.mark.django_db

SEARCH = "/en/zoeken/"


def links(page: object) -> list[str]:
    """Return where the tiles of a page lead to."""
    html = page.content.decode()  # type: ignore[attr-defined]
    return re.findall(r'class="tile" href="([^"]+)"', html)


def test_it_begins_with_a_field_and_nothing_found(client: Client):
    page = client.get(SEARCH)

    assert page.status_code == 200
    assert 'name="q"' in page.content.decode()
    assert links(page) == []
    assert "Nothing found" not in words(page)


def test_every_page_leads_to_it(client: Client):
    assert f'href="{SEARCH}"' in client.get("/en/").content.decode()


def test_ideas_neighbourhoods_figures_councils_and_pages_are_found_by_name(client: Client):
    area = scenes.area("laakkwartier")
    scenes.initiative("Laakkwartier blooms", where=area, language="en")
    scenes.indicator("laak", name="Trees in Laakkwartier")
    councils.council(areas=[area])
    Page.objects.create(slug="laak", title="About", body="All about **Laakkwartier**.", order=1)

    page = client.get(SEARCH, {"q": "laakkwartier"})

    assert "<mark>Laakkwartier</mark> blooms" in page.content.decode()
    assert links(page) == [
        "/en/wijk/laakkwartier/",
        "/en/wijk/?figure=laak#vergelijk",
        "/en/over/laak/",
    ]
    assert links(client.get(SEARCH, {"q": "jongerenraad"})) == ["/en/jongerenraad/"]
    assert links(client.get(SEARCH, {"q": "tree"})) == ["/en/wijk/?figure=laak#vergelijk"]


def test_the_first_ideas_are_shown_and_the_list_has_the_others(client: Client):
    write_documents(crowd.initiatives(IDEAS_SHOWN + 3, title="Lamp"))

    page = client.get(SEARCH, {"q": "lamp"})

    html = page.content.decode()
    assert html.count('class="card__title"') == IDEAS_SHOWN
    assert f"{IDEAS_SHOWN + 3} initiatives" in words(page)
    assert 'href="/en/initiatieven/?q=lamp"' in html


def test_what_is_not_on_the_site_is_not_found_here_either(client: Client):
    scenes.initiative("Xylofoon", status=Status.HIDDEN)
    for typed in ("xylofoon", "xylofon"):
        page = client.get(SEARCH, {"q": typed})
        assert page.context["results"].is_empty
        assert "Nothing found" in words(page)


def test_a_typing_error_is_mended_here_too(client: Client):
    scenes.initiative("Xylofoon")

    page = client.get(SEARCH, {"q": "xylofon"})

    assert "<mark>Xylofoon</mark>" in page.content.decode()
    assert "<bdi>xylofoon</bdi>" in page.content.decode()


@pytest.mark.parametrize("typed", ["%", "___", '"', "x" * 10_000, "\x00"])
def test_what_cannot_be_looked_for_gets_a_sentence(client: Client, typed: str):
    page = client.get(SEARCH, {"q": typed})

    assert page.status_code == 400
    assert 'role="alert"' in page.content.decode()
