"""Pages kept for a second: the same for all for whom they are the same, and nobody else's."""

import gzip
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role, User
from contributions import actions as review
from contributions import kept_pages
from contributions.kept_pages import _deflated, _gzip
from contributions.models import SpokenText
from contributions.recordings import listen_to
from ideas.actions import give_support
from ideas.models import Comment, Initiative
from ideas.readers import facts_of_reader
from ideas.views import reading
from tests import scenes

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    settings.KEPT_PAGE_SECONDS = 1.0
    clock = Clock()
    monkeypatch.setattr(kept_pages, "time", clock)
    yield clock
    kept_pages.for_visitors.clear()
    kept_pages.for_readers.clear()


@pytest.fixture(autouse=True)
def pages_in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def idea() -> Initiative:
    return scenes.initiative(title="A bench on the corner")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def list_path() -> str:
    return reverse("ideas:list")


# --- Visitors -------------------------------------------------------------------------------------


def test_a_second_visitor_gets_the_page_without_a_query(idea: Initiative) -> None:
    first = Client().get(list_path())
    with CaptureQueriesContext(connection) as queries:
        second = Client().get(list_path())
    assert not queries.captured_queries
    assert second.content == first.content
    assert idea.title in second.content.decode()
    for header in ("Content-Security-Policy", "Content-Language", "X-Frame-Options", "Vary"):
        assert second.headers[header] == first.headers[header]


def test_after_a_second_the_page_is_drawn_anew(idea: Initiative, clock: Clock) -> None:
    Client().get(list_path())
    scenes.initiative(title="Flowers along the wall")
    clock.now += 0.9
    assert "Flowers along" not in Client().get(list_path()).content.decode()
    clock.now += 0.2
    assert "Flowers along" in Client().get(list_path()).content.decode()


def test_what_was_hidden_is_gone_after_a_second(idea: Initiative, clock: Clock) -> None:
    path = idea.get_absolute_url()
    assert Client().get(path).status_code == 200
    scenes.bring(idea, "hidden")
    clock.now += 1.1
    assert Client().get(path).status_code == 404
    assert idea.title not in Client().get(list_path()).content.decode()


def test_nothing_is_kept_where_the_setting_says_so(idea: Initiative, settings: Any) -> None:
    settings.KEPT_PAGE_SECONDS = 0
    Client().get(list_path())
    assert queries_of(Client(), list_path()) > 0


def test_each_address_and_language_has_its_own_page(idea: Initiative) -> None:
    paths = (list_path(), list_path() + "?sort=support", "/nl/initiatieven/")
    assert len({Client().get(path).content for path in paths}) == 3


def test_each_host_has_its_own_page(idea: Initiative) -> None:
    Client().get(list_path())
    assert Client().get(list_path(), headers={"host": "elsewhere.example"}).status_code == 400


def test_an_answer_that_is_not_good_is_not_kept(idea: Initiative) -> None:
    bad = list_path() + "?area=nowhere"
    assert Client().get(bad).status_code == 400
    assert queries_of(Client(), bad) > 0
    assert queries_of(Client(), "/en/initiatieven/999999-x/") > 0


def test_who_was_here_before_does_not_share(idea: Initiative) -> None:
    Client().get(list_path())
    known = Client()
    known.cookies["sessionid"] = "0123456789abcdefghijklmnopqrstuv"
    assert queries_of(known, list_path()) > 0


def test_a_part_for_htmx_is_not_taken_for_the_page(idea: Initiative) -> None:
    Client().get(list_path())
    with CaptureQueriesContext(connection) as queries:
        Client().get(list_path(), headers={"HX-Request": "true"})
    assert queries.captured_queries


def test_a_page_is_kept_as_it_is_asked_for(idea: Initiative) -> None:
    plain = Client().get(list_path())
    packed = Client().get(list_path(), headers={"accept-encoding": "gzip"})
    again = Client().get(list_path(), headers={"accept-encoding": "br, gzip;q=0.5"})
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.content) == plain.content
    assert again.content == packed.content
    assert "Content-Encoding" not in (
        Client().get(list_path(), headers={"accept-encoding": "gzip;q=0"}).headers
    )


def test_odd_addresses_fill_no_memory(idea: Initiative, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_pages, "PAGES_AT_MOST", 3)
    for number in range(1, 9):
        Client().get(f"{list_path()}?sort=newest&x={number}")
    assert len(kept_pages.for_visitors._places) == 3


# --- Readers who are signed in --------------------------------------------------------------------


def token_in(response: HttpResponse) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w{64})"', response.content.decode())
    assert found
    return found[1]


def test_two_readers_share_a_page_and_each_has_a_token_that_works(idea: Initiative) -> None:
    path = idea.get_absolute_url()
    first = Client(enforce_csrf_checks=True)
    second = Client(enforce_csrf_checks=True)
    first.force_login(scenes.person())
    reader = scenes.person()
    second.force_login(reader)
    one = first.get(path)
    with CaptureQueriesContext(connection) as queries:
        other = second.get(path)
    # The session, the person, what about this person changes the page, and what they did not read.
    assert len(queries) == 4
    assert token_in(one) != token_in(other)
    assert re.sub(r"\w{64}", "", one.content.decode()) == re.sub(
        r"\w{64}", "", other.content.decode()
    )
    given = second.post(
        reverse("ideas:support", args=[idea.pk, idea.address_slug]),
        {"csrfmiddlewaretoken": token_in(other)},
    )
    assert given.status_code == 302
    assert idea.supports.filter(person=reader).exists()


def test_a_compressed_page_is_the_plain_one(idea: Initiative) -> None:
    path = idea.get_absolute_url()
    readers = [signed_in(scenes.person()) for _number in range(3)]
    readers[0].get(path)
    plain = readers[1].get(path)
    packed = readers[2].get(path, headers={"accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    unpacked = gzip.decompress(packed.content).decode()
    assert re.sub(r"\w{64}", "", unpacked) == re.sub(r"\w{64}", "", plain.content.decode())


def test_who_supports_sees_that_and_others_do_not(idea: Initiative, clock: Clock) -> None:
    path = idea.get_absolute_url()
    supporter, other = scenes.person(), scenes.person()
    give_support(initiative_pk=idea.pk, person=supporter)
    with_support, without = signed_in(supporter), signed_in(other)
    for _twice in range(2):
        assert "You support this" in with_support.get(path).content.decode()
        assert "You support this" not in without.get(path).content.decode()
    give_support(initiative_pk=idea.pk, person=other)
    # Each sees at once what they did themselves.
    assert "You support this" in without.get(path).content.decode()


def test_nobody_under_16_shares_a_page_with_who_can_offer_help(idea: Initiative) -> None:
    path = idea.get_absolute_url()
    offer = reverse("ideas:offer_help", args=[idea.pk, idea.address_slug])
    older, younger = signed_in(scenes.person()), signed_in(scenes.person(age_band="12-15"))
    for _twice in range(2):
        assert offer in older.get(path).content.decode()
        assert offer not in younger.get(path).content.decode()


def test_who_does_it_together_with_its_author_gets_their_own_page(idea: Initiative) -> None:
    path = idea.get_absolute_url()
    together = reverse("ideas:together", args=[idea.pk, idea.address_slug])
    signed_in(scenes.person()).get(path)
    joined = signed_in(scenes.joined(idea))
    assert together in joined.get(path).content.decode()
    assert together not in signed_in(scenes.person()).get(path).content.decode()


def test_who_read_a_text_aloud_gets_their_own_page(idea: Initiative) -> None:
    path = idea.get_absolute_url()
    reader, other = scenes.person(), scenes.person()
    assert idea.author
    review.speak(
        contribution=idea,
        by=idea.author,
        language=idea.language,
        encoded=listen_to(scenes.recording_file()),
    )
    SpokenText.objects.update(made_by=reader)
    request = RequestFactory().get(path)
    request.user = reader
    assert facts_of_reader(request, idea.pk, idea.address_slug) is None
    request.user = other
    assert facts_of_reader(request, idea.pk, idea.address_slug) is not None


def test_authors_writers_of_comments_and_roles_get_their_own_page(idea: Initiative) -> None:
    path = idea.get_absolute_url()
    signed_in(scenes.person()).get(path)
    assert idea.author
    writer = scenes.comment(idea, text="Good plan.").author
    assert writer
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    for user in (idea.author, writer, office, scenes.moderator()):
        client = signed_in(user)
        drawn = client.get(path).content.decode()
        assert queries_of(client, path) > 3
        assert re.sub(r"\w{64}", "", drawn) != re.sub(
            r"\w{64}", "", signed_in(scenes.person()).get(path).content.decode()
        )


def test_a_message_is_shown_once_to_its_reader(idea: Initiative) -> None:
    path = idea.get_absolute_url()
    reader, other = signed_in(scenes.person()), signed_in(scenes.person())
    other.get(path)
    said = reader.post(
        reverse("ideas:support", args=[idea.pk, idea.address_slug]), follow=True
    ).content.decode()
    assert "your support counts" in said
    assert "your support counts" not in reader.get(path).content.decode()
    assert "your support counts" not in other.get(path).content.decode()


def test_what_was_hidden_is_gone_for_readers_too(idea: Initiative, clock: Clock) -> None:
    path = idea.get_absolute_url()
    reader = signed_in(scenes.person())
    assert reader.get(path).status_code == 200
    scenes.bring(idea, "hidden")
    clock.now += 1.1
    assert reader.get(path).status_code == 404


def test_a_page_on_which_its_reader_did_something_meanwhile_is_not_kept(
    idea: Initiative, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody writes in another window while this one is drawn may stand on it."""
    quick, other = scenes.person(), scenes.person()
    draw = reading.thread_of

    def thread_after_a_comment(*args: Any, **kwargs: Any) -> Any:
        if not Comment.objects.filter(author=quick).exists():
            scenes.comment(idea, text="Zqnot read by anybody yet", author=quick, status="submitted")
        return draw(*args, **kwargs)

    monkeypatch.setattr(reading, "thread_of", thread_after_a_comment)
    path = idea.get_absolute_url()
    assert "Zqnot read" in signed_in(quick).get(path).content.decode()
    assert "Zqnot read" not in signed_in(other).get(path).content.decode()


def test_who_wants_nothing_compressed_spoils_it_for_nobody(idea: Initiative) -> None:
    Client().get(list_path(), headers={"accept-encoding": "gzip;q=0"})
    assert "Content-Encoding" not in Client().get(list_path()).headers


# --- Drawing once, and compressing in pieces ------------------------------------------------------


def test_one_caller_draws_anew_while_the_others_wait(clock: Clock) -> None:
    shelf: kept_pages.Shelf[str] = kept_pages.Shelf()
    drawn: list[int] = []
    at_work, go_on = threading.Event(), threading.Event()

    def make() -> tuple[str, None]:
        drawn.append(1)
        at_work.set()
        go_on.wait(5)
        return "page", None

    go_on.set()
    shelf.take("key", make)
    go_on.clear()
    at_work.clear()
    clock.now += 2
    answers: list[Any] = []
    callers = [
        threading.Thread(target=lambda: answers.append(shelf.take("key", make)))
        for _number in range(8)
    ]
    for caller in callers:
        caller.start()
    at_work.wait(5)
    go_on.set()
    for caller in callers:
        caller.join(5)
    assert [thing for thing, _answer in answers] == ["page"] * 8
    assert len(drawn) == 2


def test_a_page_that_may_no_longer_be_kept_is_forgotten(clock: Clock) -> None:
    shelf: kept_pages.Shelf[str] = kept_pages.Shelf()
    shelf.take("key", lambda: ("page", "answer"))
    clock.now += 2
    assert shelf.take("key", lambda: (None, "gone")) == (None, "gone")
    assert shelf.take("key", lambda: ("new", "answer")) == ("new", "answer")


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=5), st.binary(max_size=64))
def test_pieces_around_a_token_are_one_gzip_file(pieces: list[bytes], token: bytes) -> None:
    plain = tuple(pieces)
    packed = _gzip(plain, tuple(map(_deflated, plain)), token)
    assert gzip.decompress(packed) == token.join(plain)


def test_a_token_takes_the_same_room_whatever_stands_around_it() -> None:
    plain = (b"aaaa" * 50, b"b")
    compressed = tuple(map(_deflated, plain))
    assert len(_gzip(plain, compressed, b"a" * 64)) == len(_gzip(plain, compressed, b"x1y2" * 16))


def test_the_request_is_logged_with_its_view(idea: Initiative) -> None:
    Client().get(list_path())
    request = RequestFactory().get(list_path())
    answer = kept_pages.for_visitors.take(kept_pages._key(request), lambda: (None, None))[0]
    assert answer is not None
    answer.give(request)
    assert request.resolver_match.view_name == "ideas:list"


def test_reviewing_needs_no_second(idea: Initiative) -> None:
    """A moderator works on what stands in the database, not on a kept page."""
    moderator = signed_in(scenes.moderator())
    path = idea.get_absolute_url()
    moderator.get(path)
    review.withdraw(contribution=idea, by=idea.author)
    assert moderator.get(path).status_code == 404
