"""Sharing: a short address, a code to scan, a poster, and nobody who looks over one's shoulder."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from contributions.models import Status
from ideas.models import Initiative
from participatie.short import draw
from tests import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def poster(initiative: Initiative) -> str:
    return reverse("posters:ask", args=["initiatief", initiative.pk])


@pytest.mark.parametrize(
    ("headers", "cookie", "prefix"),
    [
        ({}, "", "/nl/"),
        ({"Accept-Language": "pl, en;q=0.5"}, "", "/pl/"),
        ({"Accept-Language": "fr"}, "", "/nl/"),
        ({"Accept-Language": "pl"}, "bg", "/bg/"),
        ({"Accept-Language": "x" * 9000}, "zz", "/nl/"),
    ],
)
def test_a_short_address_leads_to_the_idea_in_the_best_language(
    client: Client, headers: dict[str, str], cookie: str, prefix: str
):
    idea = scenes.initiative("A bench")
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    response = client.get(f"/i/{idea.pk}/", headers=headers)
    assert response.status_code == 302
    assert response["Location"] == f"{prefix}initiatieven/{idea.pk}-a-bench/"
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


@pytest.mark.parametrize("status", [status for status in Status if status != Status.PUBLISHED])
def test_what_is_not_on_the_site_has_no_short_address_code_or_poster(status: str):
    author = scenes.person()
    idea = scenes.initiative("Zqsecret", author=author, status=status)
    browser = Client()
    browser.force_login(author)
    for address in (f"/i/{idea.pk}/", f"/i/{idea.pk}/code.svg", poster(idea)):
        for who in (Client(), browser):
            response = who.get(address)
            assert response.status_code == 404, address
            assert "Zqsecret" not in response.content.decode()


@pytest.mark.parametrize("pk", ["0", "01", "x", "-1", "9" * 19, "9" * 18, "1;2"])
def test_a_number_that_is_none_leads_nowhere(client: Client, pk: str):
    assert client.get(f"/i/{pk}/").status_code == 404
    assert client.get(f"/i/{pk}/code.svg").status_code == 404


def test_the_code_holds_the_sites_own_short_address_whatever_host_was_asked_for():
    idea = scenes.initiative("A bench")
    response = Client().get(f"/i/{idea.pk}/code.svg", headers={"Host": "localhost"})
    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.decode() == draw(f"https://buurten.example/i/{idea.pk}/")
    assert "localhost" not in response.content.decode()


def test_the_code_is_black_on_white_with_a_quiet_zone_of_four():
    drawn = draw("https://buurten.example/i/1/")
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', drawn)[1])  # type: ignore[index]
    starts = [tuple(map(int, m)) for m in re.findall(r"M(\d+) (\d+)h\d+v1", drawn)]
    assert min(x for x, _y in starts) == min(y for _x, y in starts) == 4
    assert max(y for _x, y in starts) == side - 5
    # The corner that every reader looks for is seven dark modules wide.
    assert "M4 4h7v1h-7z" in drawn


def links(page: str) -> list[str]:
    return re.findall(r'(?:href|src|srcset|action)="([^"]+)"', page)


def test_the_page_offers_ways_of_sharing_that_tell_nobody(client: Client):
    title = "A bench & a “light”? 100% <b>"
    idea = scenes.initiative(title)
    page = client.get(idea.get_absolute_url()).content.decode()
    address = f"https://buurten.example/i/{idea.pk}/"
    sent = next(link for link in links(page) if link.startswith("https://wa.me/"))
    text = parse_qs(urlsplit(sent).query)["text"][0]
    assert title in text
    assert text.endswith(address)
    mail = next(link for link in links(page) if link.startswith("mailto:")).replace("&amp;", "&")
    told = parse_qs(urlsplit(mail).query)
    assert told["subject"] == [title]
    assert address in told["body"][0]
    assert poster(idea) in page
    assert f'src="/i/{idea.pk}/code.svg"' in page
    # Nothing is loaded from anywhere else: only a link that somebody follows leads away.
    loaded = re.findall(r'<(?:img|script|link|iframe)[^>]*(?:src|href)="(https?:[^"]+)"', page)
    assert all(one.startswith("https://buurten.example/") for one in loaded), loaded
    # Buttons that need a script are not there without one.
    assert re.search(r"<li hidden data-copy=", page)
    assert re.search(r"<li hidden data-share", page)


def test_a_short_address_of_a_double_leads_on(client: Client, django_assert_max_num_queries: Any):
    from accounts.models import Role
    from ideas import actions

    double, into = scenes.initiative("A"), scenes.initiative("B")
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    actions.merge(double=double, into=into, by=office, reason="Same.")
    response = client.get(f"/i/{double.pk}/")
    assert response["Location"] == f"/nl/initiatieven/{into.pk}-b/"
    # The posters hang there already.
    assert client.get(f"/i/{double.pk}/code.svg").status_code == 200
    assert client.get(poster(double)).status_code == 404
    with django_assert_max_num_queries(2):
        client.get(f"/i/{into.pk}/")
