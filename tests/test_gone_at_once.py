"""What a moderator hides is gone everywhere within a second, and comes back as fast.

Every page that could name it is drawn first, with all that the site keeps switched on; then it is
hidden, a second goes by, and every channel is asked again.
"""

import datetime
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from contributions import actions as review
from contributions import kept_pages
from contributions.models import Dossier, Picture
from contributions.models.picture import WIDTHS
from contributions.pictures import encode, make_sizes
from ideas import actions, squares
from ideas.mails import send_help_notice
from ideas.models import HelpNotice, Initiative
from participatie.privacy.making import make_take_out
from participatie.privacy.taking_out import ask_take_out
from tests import scenes
from tests.neighbourhood import EVERYWHERE
from tests.test_leaks import words_in

pytestmark = pytest.mark.django_db

WORD = "zqgonebench"
STORY = "zqfountain"
ZOOM = "box=4.29,52.06,4.31,52.08&zoom="


class Clock:
    """The one clock of all that is kept in memory."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    settings.KEPT_PAGE_SECONDS = 1.0
    clock = Clock()
    for module in (kept_pages, squares):
        monkeypatch.setattr(module, "time", clock)
    yield clock
    kept_pages.for_visitors.clear()
    kept_pages.for_readers.clear()
    squares.from_afar.clear()


@pytest.fixture
def neighbour() -> User:
    return scenes.person()


@pytest.fixture
def readers(neighbour: User) -> list[Client]:
    """A visitor, and somebody who is signed in; both keep their browsers open."""
    signed_in = Client()
    signed_in.force_login(neighbour)
    return [Client(), signed_in]


def hide(thing: Any) -> None:
    review.hide(
        dossier=Dossier.objects.get(pk=thing.dossier_id),
        by=scenes.moderator(),
        rule=scenes.house_rule(),
        reason="No.",
    )


def restore(thing: Any) -> None:
    review.restore(dossier=Dossier.objects.get(pk=thing.dossier_id), by=scenes.moderator())


def with_picture(thing: Any, description: str) -> Picture:
    with transaction.atomic():
        made = review.attach_picture(
            contribution=thing,
            encoded=encode(scenes.picture_file(size=(700, 500))),
            description=description,
            revision=None,
        )
    make_sizes(picture=made)
    return Picture.objects.get(pk=made.pk)


Shown = dict[str, bool]


def shown_to(reader: Client, paths: list[str], word: str) -> Shown:
    """Say on which of some addresses a word stands."""
    return {path: word in words_in(reader.get(path)) for path in paths}


def everywhere(readers: list[Client], paths: list[str], word: str) -> list[Shown]:
    return [shown_to(reader, paths, word) for reader in readers]


def goes_and_comes_back(
    seen: Callable[[], list[Any]],
    clock: Clock,
    *,
    gone: Callable[[], None],
    back: Callable[[], None],
    nowhere: Callable[[Any], Any],
) -> None:
    """See it, take it away and see it nowhere after a second, bring it back and see it as before.

    Args:
        seen: what each reader sees now.
        nowhere: what a reader should see while it is gone, from what they saw before.
    """
    before = seen()
    # Drawn twice, so that the second time comes from what is kept.
    assert seen() == before
    gone()
    clock.now += 1.001
    away = seen()
    assert away == [nowhere(one) for one in before]
    back()
    clock.now += 1.001
    assert seen() == before


def all_false(shown: Shown) -> Shown:
    return dict.fromkeys(shown, False)


# --- A whole initiative ---


@pytest.fixture
def idea() -> Initiative:
    author = scenes.trusted(scenes.person())
    made = scenes.initiative(
        f"{WORD.capitalize()} title",
        author=author,
        text=f"{WORD} {STORY}",
        help_wanted=f"{WORD} help",
        address_line=f"{WORD} street",
        latitude="52.07000",
        longitude="4.30000",
        indicator=scenes.indicator(),
    )
    scenes.measured(51.4)
    # A page that does not exist repeats the address that was asked for.
    Initiative.objects.filter(pk=made.pk).update(slug="bankje")
    # Something else stands in the same places.
    scenes.initiative("Another", latitude="52.07400", longitude="4.30400")
    return Initiative.objects.get(pk=made.pk)


def pages_about(idea: Initiative) -> list[str]:
    """Return every public address whose answer names an initiative."""
    here = f"/nl/initiatieven/{idea.pk}-{idea.address_slug}/"
    return [
        "/nl/",
        "/pl/initiatieven/",
        "/nl/initiatieven/",
        "/nl/initiatieven/?sort=support",
        "/nl/initiatieven/?sort=push",
        "/nl/initiatieven/?area=testwijk",
        # A search repeats what was typed: so it is another word of the text, and a mistyped one.
        f"/nl/initiatieven/?q={STORY}",
        f"/nl/initiatieven/?q={STORY[:-1]}x",
        f"/nl/zoeken/?q={STORY}",
        "/nl/initiatieven/kaart/",
        "/nl/initiatieven/kaart/?area=testwijk",
        *(f"/nl/initiatieven/kaart/punten.json?{ZOOM}{zoom}" for zoom in (10, 14, 18, 22)),
        f"/nl/initiatieven/kaart/punten.json?{EVERYWHERE}",
        f"/nl/initiatieven/kaart/punten.json?{ZOOM}18&area=testwijk",
        "/nl/initiatieven/atom/",
        "/nl/initiatieven/lijst.csv",
        "/nl/wijk/testwijk/",
        "/nl/wijk/testwijk/rondkomen/",
        here,
        f"{here}nieuws/",
        f"{here}reacties/",
        f"{here}steun/",
        f"/nl/poster/initiatief/{idea.pk}/",
        f"/nl/melding/{idea.dossier_id}/",
    ]


def test_a_hidden_initiative_is_gone_from_every_page_and_comes_back(
    idea: Initiative, readers: list[Client], clock: Clock
) -> None:
    paths = pages_about(idea)
    sitemap = [f"/sitemap-initiatieven-{idea.pk // 500}.xml"]
    for reader in readers:
        unnamed = [path for path, shown in shown_to(reader, paths, WORD).items() if not shown]
        assert unnamed == [], "It is named everywhere before."
        assert f"/{idea.pk}-{idea.slug}/" in words_in(reader.get(sitemap[0]))

    def seen() -> list[Shown]:
        # It names an address alone.
        named = everywhere(readers, sitemap, f"/{idea.pk}-{idea.slug}/")
        return [one | two for one, two in zip(everywhere(readers, paths, WORD), named, strict=True)]

    goes_and_comes_back(
        seen,
        clock,
        gone=lambda: hide(idea),
        back=lambda: restore(idea),
        nowhere=all_false,
    )


def counts_of(reader: Client) -> dict[str, Any]:
    """Return the numbers that would tell that there is one more, and what a search suggests."""
    listing = reader.get("/nl/initiatieven/?area=testwijk&sort=newest").context["listing"]
    found = reader.get("/nl/initiatieven/", {"q": STORY}).context["listing"]
    mistyped = reader.get("/nl/initiatieven/", {"q": f"{STORY[:-1]}x"}).context["listing"]
    result = reader.get("/nl/zoeken/", {"q": STORY}).context["results"]
    points = [
        reader.get(f"/nl/initiatieven/kaart/punten.json?{ZOOM}{zoom}").json()["count"]
        for zoom in (10, 14, 18)
    ]
    areas = reader.get("/nl/initiatieven/kaart/?sort=x").context["neighbourhoods"]
    return {
        "list": listing.count,
        "search": found.count,
        "suggestion": mistyped.corrected.text if mistyped.corrected else "",
        "whole site": result.is_empty,
        "map": points,
        "neighbourhoods": [one["count"] for one in areas],
    }


def test_counts_and_suggestions_go_with_it(
    idea: Initiative, readers: list[Client], clock: Clock, settings: Any
) -> None:
    # What was kept has no context to look into: the pages themselves are tried above.
    settings.KEPT_PAGE_SECONDS = 0
    visitor = readers[0]
    before = counts_of(visitor)
    assert before["suggestion"] == STORY
    assert before["search"] == 1
    hide(idea)
    after = counts_of(visitor)
    assert after["list"] == before["list"] - 1
    assert (after["search"], after["suggestion"], after["whole site"]) == (0, "", True)
    assert after["map"] == [count - 1 for count in before["map"]]
    assert sum(after["neighbourhoods"]) == sum(before["neighbourhoods"]) - 1
    restore(idea)
    assert counts_of(visitor) == before


def test_its_pictures_have_no_address_in_any_width_nor_in_any_browser(
    idea: Initiative, readers: list[Client], clock: Clock
) -> None:
    picture = with_picture(idea, "A photo")
    of_news = scenes.update(idea, "News", picture=True).dossier.pictures.get()
    addresses = [
        f"/beeld/{one.key}/{width}.webp" for one in (picture, of_news) for width in (0, *WIDTHS)
    ]
    addresses.append(f"/nl/initiatieven/{idea.pk}-{idea.address_slug}/voorbeeld.png")
    addresses.append(f"/i/{idea.pk}/code.svg")

    def answers() -> list[list[int]]:
        return [
            [reader.get(path).status_code for path in addresses]
            + [
                reader.get(path, headers={"If-None-Match": tag}).status_code
                for path, tag in tags.items()
            ]
            for reader in readers
        ]

    tags: dict[str, str] = {}
    for path in addresses:
        tag = readers[0].get(path).headers.get("ETag")
        if tag:
            tags[path] = tag
    assert len(tags) > len(WIDTHS)
    goes_and_comes_back(
        answers,
        clock,
        gone=lambda: hide(idea),
        back=lambda: restore(idea),
        nowhere=lambda codes: [404] * len(codes),
    )


def test_what_waits_to_be_mailed_about_it_does_not_go(idea: Initiative) -> None:
    offer = scenes.offered(idea, "I can sew.")
    notice = HelpNotice.objects.get(message__offer=offer)
    hide(idea)
    assert not send_help_notice(notice.pk, now=timezone.now())
    restore(idea)


def taken_out(person: User) -> str:
    take_out = ask_take_out(person=person, language="nl")
    assert make_take_out(pk=take_out.pk)
    take_out.refresh_from_db()
    with (
        default_storage.open(take_out.path) as file,
        zipfile.ZipFile(io.BytesIO(file.read())) as archive,
    ):
        return json.dumps(json.loads(archive.read("data.json")), ensure_ascii=False).lower()


@pytest.mark.parametrize("hidden", [False, True])
def test_no_take_out_of_others_holds_it(idea: Initiative, neighbour: User, hidden: bool) -> None:
    scenes.comment(idea, "My own words", author=neighbour)
    actions.give_support(initiative_pk=idea.pk, person=neighbour)
    if hidden:
        hide(idea)
    told = taken_out(neighbour)
    assert "my own words" in told
    assert WORD not in told


def test_an_answer_and_its_promise_go_with_it(
    idea: Initiative, readers: list[Client], clock: Clock
) -> None:
    office = scenes.granted("programme_office")
    Initiative.objects.filter(pk=idea.pk).update(threshold=1)
    actions.give_support(initiative_pk=idea.pk, person=scenes.person())
    idea.refresh_from_db()
    actions.answer(
        initiative=idea,
        by=office,
        outcome="later",
        text=f"{WORD} answer",
        language="nl",
        new_answer_date=timezone.localdate() + datetime.timedelta(days=30),
    )
    paths = ["/nl/beloftes/", "/nl/beloftes/lijst.csv", "/nl/initiatieven/lijst.csv"]
    goes_and_comes_back(
        lambda: everywhere(readers, paths, WORD),
        clock,
        gone=lambda: hide(idea),
        back=lambda: restore(idea),
        nowhere=all_false,
    )


# --- What hangs on a text that stays ---


def test_a_hidden_comment_leaves_its_place_and_its_answers(
    readers: list[Client], clock: Clock
) -> None:
    idea = scenes.initiative()
    parent = scenes.comment(idea, f"{WORD} comment", author=scenes.person("Zqgonename"))
    scenes.comment(idea, "zqanswer to it", parent=parent)
    here = idea.get_absolute_url()
    paths = [here, f"{here}reacties/"]

    def seen() -> list[Any]:
        return [
            (
                shown_to(reader, paths, WORD),
                shown_to(reader, paths, "zqgonename"),
                shown_to(reader, paths, "zqanswer"),
            )
            for reader in readers
        ]

    goes_and_comes_back(
        seen,
        clock,
        gone=lambda: hide(parent),
        back=lambda: restore(parent),
        nowhere=lambda shown: (all_false(shown[0]), all_false(shown[1]), shown[2]),
    )
    hide(parent)
    clock.now += 1.001
    for reader in readers:
        for path in paths:
            assert "moderator heeft deze reactie weggehaald" in words_in(reader.get(path)), path
        assert reader.get(f"{here}reacties/?antwoord-op={parent.pk}").status_code in (200, 404, 409)
        assert WORD not in words_in(reader.get(f"{here}reacties/?antwoord-op={parent.pk}"))
    idea.refresh_from_db()
    assert idea.comment_count == 1


def test_hidden_news_is_gone(readers: list[Client], clock: Clock) -> None:
    idea = scenes.initiative()
    news = scenes.update(idea, f"{WORD} news", picture=True)
    picture = news.dossier.pictures.get()
    here = idea.get_absolute_url()
    paths = [here, f"{here}nieuws/"]
    address = f"/beeld/{picture.key}/0.webp"

    def seen() -> list[Any]:
        return [
            (shown_to(reader, paths, WORD), reader.get(address).status_code == 200)
            for reader in readers
        ]

    goes_and_comes_back(
        seen,
        clock,
        gone=lambda: hide(news),
        back=lambda: restore(news),
        nowhere=lambda shown: (all_false(shown[0]), False),
    )


def test_the_words_of_a_hidden_experience_are_gone_and_the_answer_counts_on(
    readers: list[Client], clock: Clock
) -> None:
    scenes.measured(51.4)
    remark = scenes.remark(f"{WORD} remark")
    paths = ["/nl/wijk/testwijk/rondkomen/", "/nl/wijk/testwijk/"]

    def seen() -> list[Any]:
        return [
            (
                shown_to(reader, paths, WORD),
                # Whether the page of the area says that there is something to read.
                "rondkomen/#vertellen" in words_in(reader.get(paths[1])),
            )
            for reader in readers
        ]

    goes_and_comes_back(
        seen,
        clock,
        gone=lambda: hide(remark),
        back=lambda: restore(remark),
        nowhere=lambda shown: (all_false(shown[0]), False),
    )


# --- One picture of a text that stays ---


def test_a_hidden_picture_is_gone_by_every_way_to_it(
    idea: Initiative, readers: list[Client], clock: Clock
) -> None:
    picture = with_picture(idea, f"{WORD}photo")
    here = idea.get_absolute_url()
    paths = [
        "/nl/",
        "/nl/initiatieven/",
        f"/nl/initiatieven/?q={STORY}",
        "/nl/wijk/testwijk/",
        "/nl/initiatieven/atom/",
        here,
        f"/nl/melding/beeld/{picture.key}/",
    ]
    key = str(picture.key)

    def seen() -> list[Any]:
        return [
            (
                shown_to(reader, paths, f"{WORD}photo"),
                shown_to(reader, paths, key),
                [
                    reader.get(f"/beeld/{key}/{width}.webp").status_code == 200
                    for width in (0, *WIDTHS)
                ],
            )
            for reader in readers
        ]

    def mark(at: Any) -> None:
        Picture.objects.filter(pk=picture.pk).update(hidden_at=at)

    goes_and_comes_back(
        seen,
        clock,
        gone=lambda: mark(timezone.now()),
        back=lambda: mark(None),
        nowhere=lambda shown: (
            all_false(shown[0]),
            # The address that was asked for is repeated by the page that says it does not exist.
            {path: key in path for path in shown[1]},
            [False] * len(shown[2]),
        ),
    )


def test_the_author_of_a_hidden_picture_sees_that_it_was_hidden_and_takes_it_out(
    idea: Initiative,
) -> None:
    picture = with_picture(idea, "A photo")
    Picture.objects.filter(pk=picture.pk).update(hidden_at=timezone.now())
    assert idea.author is not None
    client = Client()
    client.force_login(idea.author)
    assert client.get(f"/beeld/{picture.key}/0.webp").status_code == 200
    edit = client.get(f"{idea.get_absolute_url()}wijzigen/")
    assert str(picture.key) in edit.content.decode()
    english = client.get(f"/en/initiatieven/{idea.pk}-{idea.address_slug}/wijzigen/")
    assert "A moderator took this picture off the site." in english.content.decode()
    assert "a photo" in taken_out(idea.author)
    moderator = Client()
    moderator.force_login(scenes.moderator())
    assert moderator.get(f"/beeld/{picture.key}/0.webp").status_code == 200


def test_a_hidden_picture_still_takes_a_place_until_its_author_takes_it_away(
    idea: Initiative,
) -> None:
    pictures = [with_picture(idea, f"Photo {number}") for number in range(5)]
    Picture.objects.filter(pk=pictures[0].pk).update(hidden_at=timezone.now())
    with pytest.raises(review.TooManyPictures):
        with_picture(idea, "One more")
