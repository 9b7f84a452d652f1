"""The inbox: what somebody was told, what of it they may still see, and what they have read."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from contributions import kept_pages
from ideas.models import Initiative
from notifications.kinds import About
from notifications.models import Event, Notification
from tests import scenes
from tests.notifications import stand_ins
from tests.notifications.stand_ins import BENCH, told

pytestmark = pytest.mark.django_db

INBOX = "/en/voor-jou/"
FEW, MANY = 20, 2000


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    with stand_ins.declared():
        yield


@pytest.fixture
def anna() -> User:
    return scenes.person("Anna")


@pytest.fixture
def browser(anna: User) -> Client:
    client = Client()
    client.force_login(anna)
    return client


@pytest.fixture
def idea() -> Initiative:
    return stand_ins.initiative("A bench on the corner", text="There is no place to sit.")


def many(person: User, about: Initiative, count: int) -> None:
    """Tell somebody so many things more."""
    first = Event.objects.count()
    events = Event.objects.bulk_create(
        Event(kind=BENCH, subject_id=about.pk, occasion=f"n{number}")
        for number in range(first, first + count)
    )
    Notification.objects.bulk_create(Notification(event=one, recipient=person) for one in events)


def page(browser: Client, address: str = INBOX) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def entries(text: str) -> list[int]:
    """Return the numbers of what stands on a page, from top to bottom."""
    return [
        int(number) for number in re.findall(r'<li class="box told__one[^"]*" id="m(\d+)"', text)
    ]


# --- What stands there ----------------------------------------------------------------------------


def test_it_says_what_happened_with_the_words_and_when(
    browser: Client, anna: User, idea: Initiative
) -> None:
    told(anna, idea)
    text = page(browser)
    assert "A bench moved: <bdi>A bench on the corner</bdi>" in text
    assert "The bench of “<bdi>A bench on the corner</bdi>” stands somewhere else now." in text
    assert '<blockquote dir="auto" lang="nl">There is no place to sit.</blockquote>' in text
    assert "What you support or follow" in text
    assert "<time datetime=" in text


def test_who_was_told_nothing_reads_what_brings_something(browser: Client) -> None:
    text = page(browser)
    assert "Nothing here yet" in text
    assert "Mark all as read" not in text


def test_words_of_people_are_words_and_no_page(browser: Client, anna: User) -> None:
    told(anna, stand_ins.initiative("<script>x</script> 100% %(title)s", text="<b>no</b>"))
    text = page(browser)
    assert "&lt;script&gt;x&lt;/script&gt; 100% %(title)s" in text
    assert "<script>x" not in text
    assert "&lt;b&gt;no&lt;/b&gt;" in text


def test_the_newest_comes_first_and_pages_follow_each_other(
    browser: Client, anna: User, idea: Initiative
) -> None:
    many(anna, idea, 45)
    numbers = sorted(Notification.objects.values_list("pk", flat=True), reverse=True)
    text, found = page(browser), []
    while True:
        found.append(entries(text))
        following = re.search(r'href="\?after=(\d+)" rel="next"', text)
        if not following:
            break
        text = page(browser, f"{INBOX}?after={following[1]}")
    assert [len(some) for some in found] == [20, 20, 5]
    assert [number for some in found for number in some] == numbers


def test_what_may_not_be_seen_any_more_is_not_there_and_leaves_no_gap(
    browser: Client, anna: User, idea: Initiative
) -> None:
    many(anna, idea, 25)
    hidden = stand_ins.initiative("Hidden later")
    many(anna, hidden, 10)
    scenes.bring(hidden, "hidden")
    text = page(browser)
    assert len(entries(text)) == 20
    assert "Hidden later" not in text
    assert 'rel="next"' in text


def test_where_nothing_may_be_seen_any_more_the_number_can_still_be_taken_away(
    browser: Client, anna: User, idea: Initiative
) -> None:
    told(anna, idea)
    scenes.bring(idea, "hidden")
    text = page(browser)
    assert "What you were told of may not be seen any more." in text
    assert "A bench on the corner" not in text
    up_to = re.search(r'name="up_to" value="(\d+)"', text)
    assert up_to
    browser.post(f"{INBOX}alles-gelezen/", {"up_to": up_to[1]})
    assert not Notification.objects.of(anna).unread().exists()


def test_very_much_that_may_not_be_seen_ends_a_page_and_the_next_goes_on(
    browser: Client, anna: User, idea: Initiative
) -> None:
    seen = told(anna, idea)
    hidden = stand_ins.initiative("Hidden later")
    many(anna, hidden, 210)
    scenes.bring(hidden, "hidden")
    text = page(browser)
    assert "There is more on the next page." in text
    following = re.search(r'href="\?after=(\d+)" rel="next"', text)
    assert following
    assert entries(page(browser, f"{INBOX}?after={following[1]}")) == [seen.pk]


@pytest.mark.parametrize("after", ["x", "0", "-3", "01", "9" * 30, "٣", "1;--", "%00"])
def test_an_odd_place_to_go_on_shows_the_newest_and_says_so(
    browser: Client, anna: User, idea: Initiative, after: str
) -> None:
    one = told(anna, idea)
    response = browser.get(f"{INBOX}?after={after}")
    assert response.status_code == 400
    text = response.content.decode()
    assert "This page of the list does not exist. You see what is newest." in text
    assert entries(text) == [one.pk]


def test_a_kind_that_an_older_version_knew_is_left_out(browser: Client, anna: User) -> None:
    event = Event.objects.create(kind="gone", subject_id=1)
    Notification.objects.create(event=event, recipient=anna)
    assert entries(page(browser)) == []


def test_it_costs_as_much_with_few_as_with_many(
    browser: Client, anna: User, idea: Initiative
) -> None:
    costs = []
    for size in (FEW, MANY):
        many(anna, idea, size - Notification.objects.count())
        for address in (INBOX, f"{INBOX}?after={Notification.objects.latest('pk').pk}"):
            with CaptureQueriesContext(connection) as queries:
                browser.get(address)
            costs.append(len(queries))
    assert len(set(costs)) == 1
    # The session, the person, their grants, the unread, the rows, and the subjects of one kind.
    assert costs[0] <= 6, costs


# --- Reading --------------------------------------------------------------------------------------


def test_looking_at_it_marks_nothing_as_read(browser: Client, anna: User, idea: Initiative) -> None:
    one = told(anna, idea)
    page(browser)
    browser.head(INBOX)
    for address in (f"{INBOX}{one.pk}/", f"{INBOX}{one.pk}/gelezen/", f"{INBOX}alles-gelezen/"):
        assert browser.get(address).status_code == 405
    assert Notification.objects.unread().count() == 1


def test_opening_one_marks_it_as_read_and_leads_to_what_it_is_about(
    browser: Client, anna: User, idea: Initiative
) -> None:
    one, other = told(anna, idea), told(anna, idea, occasion="again")
    response = browser.post(f"{INBOX}{one.pk}/")
    assert response.status_code == 302
    assert response["Location"] == f"/nl/initiatieven/{idea.pk}-{idea.address_slug}/"
    assert list(Notification.objects.unread()) == [other]
    # What was read is a link like any other.
    assert f'<a class="nl-link" href="{response["Location"]}">' in page(browser)


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_opening_one_never_leads_to_another_site(
    browser: Client, anna: User, idea: Initiative, path: str
) -> None:
    from notifications import kinds

    kinds.register(
        stand_ins.kind(
            "test_evil", load=lambda numbers, _l: {n: lambda _r: About(path) for n in numbers},
            subject="Go", sentence="Go.",
        )
    )  # fmt: skip
    one = told(anna, idea, of="test_evil")
    assert "evil" not in page(browser)
    assert browser.post(f"{INBOX}{one.pk}/")["Location"] == "/"


def test_marking_one_as_read_stays_on_the_same_page(
    browser: Client, anna: User, idea: Initiative
) -> None:
    one = told(anna, idea)
    response = browser.post(f"{INBOX}{one.pk}/gelezen/", {"after": "17"})
    assert response["Location"] == f"{INBOX}?after=17#m{one.pk}"
    read_at = Notification.objects.get().read_at
    assert read_at is not None
    browser.post(f"{INBOX}{one.pk}/gelezen/", {"after": "//evil.example"})
    assert Notification.objects.get().read_at == read_at


def test_marking_all_as_read_leaves_what_came_since(
    browser: Client, anna: User, idea: Initiative
) -> None:
    told(anna, idea)
    up_to = re.search(r'name="up_to" value="(\d+)"', page(browser))
    assert up_to
    later = told(anna, idea, occasion="later")
    assert browser.post(f"{INBOX}alles-gelezen/", {"up_to": up_to[1]})["Location"] == INBOX
    assert list(Notification.objects.unread()) == [later]


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 40])
def test_an_odd_number_marks_nothing(
    browser: Client, anna: User, idea: Initiative, up_to: str
) -> None:
    told(anna, idea)
    assert browser.post(f"{INBOX}alles-gelezen/", {"up_to": up_to}).status_code == 302
    assert Notification.objects.unread().count() == 1


def test_what_somebody_else_was_told_is_not_there(browser: Client, idea: Initiative) -> None:
    bilal = scenes.person("Bilal")
    one = told(bilal, idea)
    assert entries(page(browser)) == []
    for path in ("", "gelezen/"):
        assert browser.post(f"{INBOX}{one.pk}/{path}").status_code == 404
    browser.post(f"{INBOX}alles-gelezen/", {"up_to": str(one.pk)})
    assert Notification.objects.unread().count() == 1


def test_what_was_hidden_meanwhile_is_not_opened(
    browser: Client, anna: User, idea: Initiative
) -> None:
    one = told(anna, idea)
    scenes.bring(idea, "hidden")
    assert browser.post(f"{INBOX}{one.pk}/").status_code == 404


def test_a_form_from_elsewhere_marks_nothing(anna: User, idea: Initiative) -> None:
    one = told(anna, idea)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(anna)
    for address in (f"{INBOX}{one.pk}/", f"{INBOX}{one.pk}/gelezen/", f"{INBOX}alles-gelezen/"):
        assert strict.post(address, {"up_to": one.pk}).status_code == 403
    assert Notification.objects.unread().count() == 1


# --- The number in the head of each page ----------------------------------------------------------


def number_shown(text: str) -> str:
    found = re.search(
        r'<span class="count"><span class="visually-hidden">[^<]*</span>([^<]+)</', text
    )
    return found[1] if found else ""


@pytest.mark.parametrize(("unread", "shown"), [(0, ""), (1, "1"), (9, "9"), (10, "9+"), (30, "9+")])
def test_the_menu_tells_how_much_is_new(
    browser: Client, anna: User, idea: Initiative, unread: int, shown: str
) -> None:
    many(anna, idea, unread)
    assert number_shown(page(browser, "/en/")) == shown


def test_visitors_are_asked_nothing_and_others_one_query(
    browser: Client, anna: User, idea: Initiative
) -> None:
    def asked(client: Client) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/wijk/")
        return [one["sql"] for one in queries if "notifications_" in one["sql"]]

    many(anna, idea, 30)
    assert asked(Client()) == []
    (only,) = asked(browser)
    assert "LIMIT 10" in only


def test_a_page_kept_for_all_shows_nobody_elses_number(
    anna: User, idea: Initiative, settings: object
) -> None:
    settings.KEPT_PAGE_SECONDS = 60  # type: ignore[attr-defined]
    readers = [anna, scenes.person("Bilal"), scenes.person("Cem")]
    many(readers[0], idea, 3)
    many(readers[1], idea, 12)
    try:
        for address in (idea.get_absolute_url(), "/en/initiatieven/"):
            for _twice in range(2):
                shown = []
                for reader in readers:
                    client = Client()
                    client.force_login(reader)
                    shown.append(number_shown(page(client, address)))
                assert shown == ["3", "9+", ""]
                assert number_shown(page(Client(), address)) == ""
    finally:
        kept_pages.for_readers.clear()
        kept_pages.for_visitors.clear()
