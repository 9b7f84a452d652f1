"""What a page costs: a fixed number of statements, with twenty rows and with two thousand.

The session and the account are counted, transaction control is not.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Sequence

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from areas.models import Area
from contributions.models import Dossier, Picture, Status
from contributions.search.documents import write_documents
from ideas import actions
from ideas.models import Comment, Initiative, Support
from indicators.models import Intervention
from tests import scenes
from tests.ideas import crowd

pytestmark = pytest.mark.django_db

FEW, MANY = 20, 2000
SEARCH_AT_MOST = 15
#: Of who is signed in also what they have not read yet, for the head of the page; and of an
#: initiative whether they follow it.
LIST_AT_MOST, MAP_AT_MOST, DETAIL_AT_MOST, SUPPORT_AT_MOST = 9, 10, 12, 9
#: A support that is told of (the first, at half, across the threshold) also writes whom it tells.
TOLD_SUPPORT_AT_MOST = SUPPORT_AT_MOST + 9
#: Of one theme: the theme itself, and whether one follows it.
THEME_AT_MOST = LIST_AT_MOST + 2
#: One that is answered also reads what the office did, what it reports, and recordings of it all.
ANSWERED_AT_MOST = DETAIL_AT_MOST + 3

#: Transaction control, and what SQLite is asked once per process: whether it knows JSON.
_NOT_COUNTED = re.compile(r"(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)\b|SELECT JSON\('")


def statements(browser: Client, address: str, *, post: bool = False) -> list[str]:
    """Return the statements that one request sends to the database."""
    with CaptureQueriesContext(connection) as captured:
        response = browser.post(address) if post else browser.get(address)
    assert response.status_code == (302 if post else 200), response.content
    return [query["sql"] for query in captured if not _NOT_COUNTED.match(query["sql"])]


class Town:
    """A city with neighbourhoods, full of ideas, comments, supports and people."""

    def __init__(self) -> None:
        self.city = Area.objects.create(slug="city", name="City", kind=Area.Kind.MUNICIPALITY)
        self.area = scenes.area("laak", parent=self.city)
        self.author = scenes.person("Anna")
        self.resident = scenes.person("Bilal")
        self.group = scenes.target_group()
        Intervention.objects.create(theme=scenes.theme(), number=1, name="More trees")
        self.shown = scenes.initiative(
            author=self.author, where=self.area, groups=[self.group], address_line="by the fountain"
        )
        actions.answer(
            initiative=self.shown,
            by=scenes.granted(Role.PROGRAMME_OFFICE),
            outcome="adopted",
            text="Yes.",
            language="nl",
        )
        self.shown.refresh_from_db()

    def grow(self, to: int) -> None:
        """Add rows until there are this many of each kind."""
        self._add_ideas(to - Initiative.objects.count())
        self._add_people_and_supports(to - Support.objects.count())
        self._add_comments(to - Comment.objects.count())

    def _add_ideas(self, count: int) -> None:
        added = crowd.initiatives(count, author=self.resident, area=self.area)
        Picture.objects.bulk_create(
            Picture(
                dossier=initiative.dossier,
                width=800,
                height=600,
                position=position,
                sizes_made_at=timezone.now(),
            )
            for initiative in [self.shown, *added]
            for position in range(2)
        )
        through = Initiative.target_groups.through
        through.objects.bulk_create(
            through(initiative=initiative, targetgroup=self.group) for initiative in added
        )

    def _add_people_and_supports(self, count: int) -> None:
        first = User.objects.count()
        people = User.objects.bulk_create(
            User(email=f"crowd{number}@buurten.example", pseudonym=f"Crowd {number}")
            for number in range(first, first + count)
        )
        mine = Initiative.objects.exclude(supports__person=self.resident)[: max(0, count // 2)]
        Support.objects.bulk_create(
            [Support(initiative=self.shown, person=person) for person in people[count // 2 :]]
            + [Support(initiative=initiative, person=self.resident) for initiative in mine]
        )

    def _add_comments(self, count: int) -> None:
        replies = count // 10
        top = self._comments(count - replies, parents=[None])
        self._comments(replies, parents=top)

    def _comments(self, count: int, parents: Sequence[Comment | None]) -> list[Comment]:
        now = timezone.now()
        dossiers = Dossier.objects.bulk_create(
            Dossier(kind=Comment.kind, language="nl") for _number in range(count)
        )
        return Comment.objects.bulk_create(
            Comment(
                dossier=dossier,
                initiative=self.shown,
                parent=parents[number % len(parents)],
                author=self.resident,
                area=self.area,
                language="nl",
                text="Good idea",
                status=Status.PUBLISHED,
                submitted_at=now,
                published_at=now,
            )
            for number, dossier in enumerate(dossiers)
        )


@pytest.fixture
def town() -> Town:
    return Town()


READERS: dict[str, Callable[[Town], User | None]] = {
    "a visitor": lambda _town: None,
    "a resident": lambda town: town.resident,
    "the author": lambda town: town.author,
    "a moderator": lambda _town: scenes.moderator(),
    "a moderator of this city": lambda town: scenes.moderator(area=town.city, language="nl"),
    "the programme office of this city": lambda town: scenes.granted(
        Role.PROGRAMME_OFFICE, area=town.city
    ),
}


def check(
    town: Town,
    pages: dict[str, int],
    readers: Iterable[str] = READERS,
    more: dict[tuple[str, str], int] | None = None,
) -> None:
    """Open pages as several people at both sizes; each may cost so much and not a statement more.

    Args:
        pages: the most statements, by address.
        more: the same by reader and address, where one sees more than others.
    """
    people = {name: READERS[name](town) for name in readers}
    cost: dict[tuple[str, str], list[list[str]]] = {}
    for size in (FEW, MANY):
        town.grow(size)
        for name, person in people.items():
            browser = Client()
            if person:
                browser.force_login(person)
            for address in pages:
                sent = statements(browser, address)
                cost.setdefault((name, address), []).append(sent)
    most = {seen: (more or {}).get(seen, pages[seen[1]]) for seen in cost}
    wrong = [
        f"{seen}: {len(few)} became {len(many)}, at most {most[seen]}\n  " + "\n  ".join(many)
        for seen, (few, many) in cost.items()
        if len(few) != len(many) or len(many) > most[seen]
    ]
    assert not wrong, "\n".join(wrong)


def test_pages_cost_the_same_with_few_rows_and_with_many(town: Town):
    shown = town.shown
    waits = Client()
    waits.force_login(town.author)
    change = {"title": "Two benches", "text": shown.text, "language": "nl"}
    response = waits.post(
        reverse("ideas:edit", args=[shown.pk, shown.address_slug]),
        {**change, "area": shown.area_id, "theme": shown.theme_id},
    )
    assert response.status_code == 302
    far = "9999999999999999.9"
    everything = f"area=city&theme=gezond&group=jongeren&state=open&language=nl&after={far}"
    pages = {
        "/en/initiatieven/": LIST_AT_MOST,
        f"/en/initiatieven/?{everything}": THEME_AT_MOST,
        "/en/initiatieven/kaart/": MAP_AT_MOST,
        f"/en/initiatieven/kaart/?{everything}": MAP_AT_MOST,
        "/en/initiatieven/kaart/punten.json?box=4,51,5,53&zoom=12": MAP_AT_MOST,
        shown.get_absolute_url(): ANSWERED_AT_MOST,
        f"{shown.get_absolute_url()}reacties/": DETAIL_AT_MOST,
        f"{shown.get_absolute_url()}steun/": SUPPORT_AT_MOST,
        "/en/": 7,
        "/en/wijk/": 6,
    }
    # Its author also sees what the change that waits would alter, in words and names.
    own = {("the author", shown.get_absolute_url()): ANSWERED_AT_MOST + 4}
    check(town, pages, more=own)


def test_each_order_of_the_list_and_ones_own_page_do_too(town: Town):
    pages = {
        "/en/initiatieven/?sort=support": LIST_AT_MOST,
        "/en/initiatieven/?sort=push": LIST_AT_MOST,
        # News of their own, and whether somebody is invited by e-mail, each with one statement.
        "/en/account/": 14,
    }
    check(town, pages, ["a resident", "the author", "a moderator of this city"])


def test_a_search_costs_a_fixed_number_at_the_most(town: Town):
    """A page of it looks through three tiers, each asked of the index and then of the list."""
    for size in (FEW, MANY):
        town.grow(size)
        write_documents(Initiative.objects.all())
        for typed in ("idea", "idea green", "number green street", '"more green"', "1", "ideaa"):
            for address in (f"/en/initiatieven/?q={typed}", f"/en/zoeken/?q={typed}"):
                sent = statements(Client(), address)
                assert len(sent) <= SEARCH_AT_MOST, (size, address, "\n".join(sent))


def test_supporting_and_taking_it_back(town: Town):
    people = [READERS[name](town) for name in READERS if name != "a visitor"]
    costs = []
    for size in (FEW, MANY):
        town.grow(size)
        open_one = scenes.initiative(f"Open {size}", where=town.area)
        actions.give_support(initiative_pk=open_one.pk, person=scenes.person(f"First {size}"))
        address = open_one.get_absolute_url()
        for person in people:
            browser = Client()
            browser.force_login(person)
            costs.append(
                [
                    len(statements(browser, f"{address}{path}", post=True))
                    # Given, given again, and taken back.
                    for path in ("steun/", "steun/", "steun/intrekken/")
                ]
            )
    assert costs[: len(people)] == costs[len(people) :]
    assert max(max(cost) for cost in costs) <= SUPPORT_AT_MOST, costs


def test_the_first_support_is_told_at_a_price_that_stands(town: Town):
    costs = []
    for size in (FEW, MANY):
        town.grow(size)
        open_one = scenes.initiative(f"Open {size}", where=town.area)
        browser = Client()
        browser.force_login(town.resident)
        costs.append(len(statements(browser, f"{open_one.get_absolute_url()}steun/", post=True)))
    assert costs[0] == costs[1] <= TOLD_SUPPORT_AT_MOST


def test_the_support_that_crosses_the_threshold(town: Town):
    Area.objects.filter(pk=town.area.pk).update(support_threshold=1)
    open_one = scenes.initiative("Open", where=Area.objects.get(pk=town.area.pk))
    browser = Client()
    browser.force_login(town.resident)

    sent = statements(browser, f"{open_one.get_absolute_url()}steun/", post=True)

    open_one.refresh_from_db()
    assert open_one.crossed_at
    assert len(sent) <= TOLD_SUPPORT_AT_MOST


def test_closing_what_got_too_little_support_and_telling_of_it_costs_little_for_each(town: Town):
    town.grow(FEW)

    with CaptureQueriesContext(connection) as captured:
        closed = actions.expire(now=timezone.now() + datetime.timedelta(days=365))

    sent = [query["sql"] for query in captured if not _NOT_COUNTED.match(query["sql"])]
    assert closed == FEW - 1
    # They are found and closed together. Of each an event is looked for and written: a worker
    # finds who is told.
    assert len(sent) <= 2 + 2 * closed


def test_news_and_doubles_cost_a_fixed_number_more(town: Town):
    idea = scenes.initiative("A bench", where=town.area, author=scenes.person("Cem"))
    address = idea.get_absolute_url()
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    costs = []
    for size in (2, 8):
        for _number in range(size):
            scenes.update(idea, f"News {size}.{_number}", picture=True)
            double = scenes.initiative("A bench too", where=town.area)
            scenes.comment(double, "Yes")
            actions.merge(double=double, into=idea, by=office, reason="The same.")
        costs.append([len(statements(Client(), page)) for page in (address, f"{address}nieuws/")])
    assert costs[0] == costs[1]
    detail, news = costs[0]
    # News with its pictures and recordings, and the doubles.
    assert detail <= DETAIL_AT_MOST
    assert news <= 4, costs
