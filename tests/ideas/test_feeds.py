"""The list as an Atom feed, and the picture beside a link to an initiative."""

import io
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from contributions.models import Status
from ideas.models import Initiative
from ideas.previews import HEIGHT, WIDTH, Preview, _Letters, _readable
from tests import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.either]

ATOM = "{http://www.w3.org/2005/Atom}"
NOT_READ_YET = [Status.DRAFT, Status.RETURNED, Status.REJECTED, Status.HIDDEN, Status.WITHDRAWN]


def feed(client: Client, query: str = "") -> ElementTree.Element:
    response = client.get(reverse("ideas:atom") + query)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def titles(root: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title", "") for entry in root.iter(f"{ATOM}entry")]


def test_the_newest_initiatives_come_first(client: Client) -> None:
    now = timezone.now()
    scenes.initiative(title="Older", now=now - timedelta(days=2))
    scenes.initiative(title="Newer", now=now - timedelta(days=1))
    assert titles(feed(client)) == ["Newer", "Older"]


def test_an_entry_names_its_address_its_language_and_a_name_that_stays(client: Client) -> None:
    idea = scenes.initiative(title="Ławka na rogu", language="pl", text="**Usiąść** na chwilę.")
    entry = feed(client).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "pl"
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == f"https://buurten.example{idea.get_absolute_url()}"
    in_dutch = feed(Client(), "").find(f"{ATOM}entry")
    assert in_dutch is not None
    assert entry.findtext(f"{ATOM}id") == f"tag:buurten.example,2026:initiatief/{idea.pk}"
    assert entry.findtext(f"{ATOM}summary") == "Usiąść na chwilę."


def test_a_feed_keeps_the_filters_of_the_list(client: Client) -> None:
    scenes.initiative(title="Here", where=scenes.area("laak-noord"))
    scenes.initiative(title="There", where=scenes.area("elders"))
    root = feed(client, "?area=laak-noord")
    assert titles(root) == ["Here"]
    addresses = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert addresses["alternate"] == "https://buurten.example/en/initiatieven/?area=laak-noord"
    assert addresses["self"] == "https://buurten.example/en/initiatieven/atom/?area=laak-noord"
    page = client.get(reverse("ideas:list") + "?area=laak-noord&sort=support").content.decode()
    assert f'href="{reverse("ideas:atom")}?area=laak-noord"' in page


def test_an_unknown_filter_is_refused_with_a_sentence(client: Client) -> None:
    response = client.get(reverse("ideas:atom") + "?area=nowhere")
    assert response.status_code == 400
    assert "We do not know the choice" in response.content.decode()


def test_a_reader_that_has_it_already_gets_nothing_again(client: Client) -> None:
    scenes.initiative()
    first = client.get(reverse("ideas:atom"))
    again = client.get(reverse("ideas:atom"), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    scenes.initiative(title="One more")
    changed = client.get(reverse("ideas:atom"), headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("status", NOT_READ_YET)
def test_a_feed_holds_only_what_everybody_may_read(client: Client, status: str) -> None:
    idea = scenes.initiative(title="Not for all eyes", status=status)
    assert idea.author
    client.force_login(idea.author)
    assert titles(feed(client)) == []


def test_a_feed_names_nobody(client: Client) -> None:
    scenes.initiative(author=scenes.person("Fenna Voorbeeld"))
    assert "Fenna" not in client.get(reverse("ideas:atom")).content.decode()


def test_control_characters_and_marks_break_no_feed(client: Client) -> None:
    scenes.initiative(title="Less < more & “more”", text="a\x0bb <script>alert(1)</script>")
    assert titles(feed(client)) == ["Less < more & “more”"]


# --- The picture beside a link --------------------------------------------------------------------


def preview_path(idea: Initiative) -> str:
    return reverse("ideas:preview", args=[idea.pk, idea.address_slug])


def test_the_picture_beside_a_link_is_drawn_in_the_size_that_chats_show(client: Client) -> None:
    idea = scenes.initiative(title="Пейки на спирките")
    response = client.get(preview_path(idea))
    assert response.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(response.content)).size == (WIDTH, HEIGHT)
    assert len(response.content) < 60_000


def test_a_page_names_its_picture_and_its_one_address(client: Client) -> None:
    idea = scenes.initiative(title='A "quoted" bench')
    page = client.get(idea.get_absolute_url() + "?after=1").content.decode()
    site = "https://buurten.example"
    assert f'<meta property="og:image" content="{site}{preview_path(idea)}">' in page
    assert f'<link rel="canonical" href="{site}{idea.get_absolute_url()}">' in page
    assert 'og:title" content="A &quot;quoted&quot; bench"' in page
    home = client.get(reverse("home")).content.decode()
    assert f'content="{site}{reverse("site_preview")}"' in home
    assert client.get(reverse("site_preview")).status_code == 200


@pytest.mark.parametrize("status", NOT_READ_YET)
def test_what_not_everybody_may_read_has_no_picture_for_its_author_either(
    client: Client, status: str
) -> None:
    idea = scenes.initiative(status=status)
    assert idea.author
    client.force_login(idea.author)
    assert client.get(preview_path(idea)).status_code == 404
    page = client.get(idea.get_absolute_url(), follow=True).content.decode()
    assert preview_path(idea) not in page


def test_a_picture_drawn_before_is_not_given_after_hiding(client: Client) -> None:
    idea = scenes.initiative()
    seen = client.get(preview_path(idea))
    scenes.bring(idea, Status.HIDDEN)
    etag = {"If-None-Match": seen.headers["ETag"]}
    assert client.get(preview_path(idea), headers=etag).status_code == 404
    assert seen.headers["Cache-Control"] == "no-cache"


def test_a_new_title_gets_a_new_picture(client: Client) -> None:
    idea = scenes.initiative(title="Before")
    first = client.get(preview_path(idea))
    idea.set_title("After")
    idea.save()
    etag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(preview_path(idea), headers=etag).status_code == 200
    again = client.get(preview_path(idea))
    etag = {"If-None-Match": again.headers["ETag"]}
    assert client.get(preview_path(idea), headers=etag).status_code == 304


@pytest.mark.parametrize(
    "title",
    ["", "x" * 120, "مقعد وإضاءة في ساحة الحي", "🌳🌳🌳", "Ведро " * 40, "a\u0301" * 50, "日本語"],
)
def test_any_title_can_be_drawn(title: str) -> None:
    drawn = Preview(title=title, below="Laak · Gezond", colour="nothing like it").png()
    assert Image.open(io.BytesIO(drawn)).size == (WIDTH, HEIGHT)


def test_letters_that_cannot_be_drawn_are_left_out_or_the_title_is() -> None:
    assert _readable("A bench 🌳") == "A bench 🌳"
    assert _readable("مقعد وإضاءة") == ""
    letters = _Letters(44, 700)
    assert letters.width("A bench 🌳") == letters.width("A bench ")


def test_lines_fit_and_the_last_one_says_that_more_follows() -> None:
    letters = _Letters(68, 700)
    lines = letters.lines("Verkeersveiligheidsmaatregelen " * 9, 800, 3)
    assert len(lines) == 3
    assert all(letters.width(line) <= 800 for line in lines)
    assert lines[-1].endswith("…")


def test_who_wrote_under_16_is_not_on_the_picture(client: Client, monkeypatch: Any) -> None:
    young: User = scenes.person("Sanne Voorbeeld", age_band="12-15")
    idea = scenes.initiative(author=young, address_line="Voorbeeldstraat 12")
    drawn: list[Preview] = []
    monkeypatch.setattr(Preview, "png", lambda self: drawn.append(self) or b"")
    client.get(preview_path(idea))
    assert drawn
    told = drawn[0].title + drawn[0].below
    assert "Sanne" not in told
    assert "Voorbeeldstraat" not in told
