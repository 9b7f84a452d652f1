"""What search engines are told: which pages there are, and which are of no use to them."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from contributions.models import Status
from participatie import sitemaps
from tests import scenes

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def addresses(client: Client, path: str) -> list[str]:
    response = client.get(path, headers={"host": "localhost"})
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/xml")
    root = ElementTree.fromstring(response.content)
    return [found.text or "" for found in root.iter(f"{SITEMAP}loc")]


def test_robots_are_led_to_the_sitemap_of_the_configured_site(client: Client) -> None:
    words = client.get("/robots.txt", headers={"host": "localhost"}).content.decode()
    assert "Sitemap: https://buurten.example/sitemap.xml" in words
    assert "Disallow: /*/account/" in words
    assert "Disallow: /*/moderatie/" in words


def test_the_index_names_a_file_for_each_range_of_initiatives(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert addresses(client, "/sitemap.xml") == ["https://buurten.example/sitemap-paginas.xml"]
    monkeypatch.setattr(sitemaps, "IN_ONE_FILE", 2)
    ideas = [scenes.initiative(title=f"Idea {number}") for number in range(5)]
    found = addresses(client, "/sitemap.xml")[1:]
    assert len(found) == ideas[-1].pk // 2 + 1
    named = [address for path in found for address in addresses(client, path[23:])]
    for idea in ideas:
        assert f"https://buurten.example{idea.get_absolute_url()}" in named
    assert len(named) == len(set(named))


def test_a_page_stands_there_in_each_listed_language_with_the_others_beside_it(
    client: Client, settings: Any
) -> None:
    idea = scenes.initiative()
    root = ElementTree.fromstring(client.get(f"/sitemap-initiatieven-{idea.pk // 500}.xml").content)
    pages = list(root.iter(f"{SITEMAP}url"))
    assert len(pages) == len(settings.LISTED_LANGUAGES)
    beside = {link.get("hreflang"): link.get("href") for link in pages[0].iter(f"{XHTML}link")}
    assert set(beside) == {*settings.LISTED_LANGUAGES, "x-default"}
    assert beside["pl"] == f"https://buurten.example/pl/initiatieven/{idea.pk}-{idea.slug}/"


def test_pages_areas_and_councils_are_named(client: Client) -> None:
    scenes.area("laak-noord")
    found = addresses(client, "/sitemap-paginas.xml")
    assert "https://buurten.example/nl/wijk/laak-noord/" in found
    assert "https://buurten.example/bg/initiatieven/" in found


@pytest.mark.parametrize(
    "status",
    [Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.HIDDEN, Status.WITHDRAWN],
)
def test_only_what_everybody_may_read_is_named(client: Client, status: str) -> None:
    idea = scenes.initiative(status=status)
    assert idea.author
    client.force_login(idea.author)
    assert addresses(client, "/sitemap.xml") == ["https://buurten.example/sitemap-paginas.xml"]
    shown = scenes.initiative(title="On the site")
    for number in {idea.pk // 500, shown.pk // 500}:
        for address in addresses(client, f"/sitemap-initiatieven-{number}.xml"):
            assert f"/{idea.pk}-" not in address


@pytest.mark.parametrize("number", ["999999999", "99999999999999999999", "01x", "-1"])
def test_a_file_that_is_not_there_is_not_found(client: Client, number: str) -> None:
    scenes.initiative()
    assert client.get(f"/sitemap-initiatieven-{number}.xml").status_code == 404


def test_a_file_takes_one_query_for_its_initiatives(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    ideas = [scenes.initiative(title=f"Idea {number}") for number in range(4)]
    with django_assert_max_num_queries(2):
        client.get(f"/sitemap-initiatieven-{ideas[0].pk // 500}.xml")
