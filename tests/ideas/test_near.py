"""Ideas nearby that say nearly the same: shown before posting, marked after it."""

import pytest
from django.test import Client
from django.urls import reverse

from contributions import actions, near_doubles
from contributions.models import Dossier, Mark, Status
from contributions.tasks import mark_near_doubles, sweep_near_doubles
from ideas.models import Initiative
from ideas.near import Words, likeness
from tests import scenes
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db

TITLE = "Een bankje op het plein"
STORY = "Oudere buren kunnen nergens zitten als ze boodschappen doen in onze straat vandaag."


def page_before_posting(client: Client, **draft: object) -> str:
    author = scenes.person()
    written = scenes.draft(**{"author": author, "title": TITLE, "text": STORY, **draft})
    client.force_login(author)
    return client.get(reverse("ideas:draft_check", args=[written.pk])).content.decode()


def waiting(title: str = TITLE, **fields: object) -> Initiative:
    return scenes.initiative(title, status=Status.SUBMITTED, **fields)


def near(of: Initiative) -> list[int | None]:
    marks = Mark.objects.filter(dossier=of.dossier_id, check_name="near_double")
    return list(marks.values_list("other", flat=True))


@pytest.mark.parametrize(
    "title",
    ["Bankjes op het plein", "Een BANKJE op ons plein!", "Wij willen een plein met bankjes"],
)
def test_who_shares_an_idea_sees_what_a_neighbour_wants_too(client: Client, title: str):
    other = scenes.initiative(title)
    page = page_before_posting(client)
    assert "Someone near you wants this too" in page
    assert other.get_absolute_url() in page


def test_another_idea_elsewhere_or_about_something_else_is_not_shown(client: Client):
    scenes.initiative(TITLE, where=scenes.area("elders"))
    scenes.initiative("Een zebrapad bij de school", text="Kinderen steken hier over.")
    scenes.initiative("Muziek op het plein", text="Elke zomer een avond.")
    assert "Someone near you" not in page_before_posting(client)


@pytest.mark.parametrize("status", [s for s in Status.values if s != Status.PUBLISHED])
def test_what_is_not_on_the_site_is_not_shown(client: Client, status: str):
    scenes.initiative(TITLE, status=status)
    assert "Someone near you" not in page_before_posting(client)


def test_ones_own_and_what_takes_no_support_are_not_shown(client: Client):
    author = scenes.person()
    scenes.initiative(TITLE, author=author)
    done = scenes.initiative(TITLE)
    Initiative.objects.filter(pk=done.pk).update(progress="expired")
    assert "Someone near you" not in page_before_posting(client, author=author)


def test_a_worker_marks_what_is_nearly_the_same_once_however_often_it_runs():
    other, idea = scenes.initiative(TITLE), waiting("Bankje op het plein")
    for _time in range(2):
        mark_near_doubles(idea.dossier_id)
    assert near(idea) == [other.dossier_id]


def test_the_same_story_under_another_title_is_nearly_the_same():
    other = scenes.initiative("Zitten op ons plein", text=STORY)
    idea = waiting("Rusten en zitten op ons plein", text=STORY)
    mark_near_doubles(idea.dossier_id)
    assert near(idea) == [other.dossier_id]


def test_one_that_was_changed_is_compared_again():
    scenes.initiative(TITLE)
    idea = waiting()
    mark_near_doubles(idea.dossier_id)
    assert idea.author is not None
    with actions.editing(idea, by=idea.author) as draft:
        draft.set_title("Een zebrapad bij de school")
    assert sweep_near_doubles() == 1
    mark_near_doubles(idea.dossier_id)
    assert near(idea) == []
    assert sweep_near_doubles() == 0


def test_what_a_dead_worker_left_is_found_from_its_row(monkeypatch: pytest.MonkeyPatch):
    idea = waiting()
    asked: list[int] = []
    monkeypatch.setattr(mark_near_doubles, "delay", asked.append)
    sweep_near_doubles()
    assert asked == [idea.dossier_id]


def test_what_does_not_wait_any_more_is_left_alone():
    scenes.initiative(TITLE)
    idea = waiting()
    actions.publish(dossier=Dossier.objects.get(pk=idea.dossier_id), by=scenes.moderator())
    assert near_doubles.compare(dossier_pk=idea.dossier_id) == 0
    assert near(idea) == []


def test_a_moderator_reads_the_other_one_only_while_it_may_be_read(client: Client):
    other, idea = scenes.initiative("Bankjes op het plein"), waiting()
    mark_near_doubles(idea.dossier_id)
    client.force_login(scenes.moderator(area=scenes.area()))
    address = reverse("moderation:item", args=[idea.dossier_id])
    assert other.get_absolute_url() in client.get(address).content.decode()
    assert other.author is not None
    actions.withdraw(contribution=other, by=other.author)
    assert other.get_absolute_url() not in client.get(address).content.decode()


def test_likeness_is_a_number_between_none_and_all():
    one = Words(TITLE, STORY, "nl")
    assert likeness(one, one) == 1
    assert likeness(one, Words("Zebrapad", "Kinderen steken over.", "nl")) == 0
    assert likeness(Words("", "", "nl"), one) == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_marks_it():
    other, idea = scenes.initiative(TITLE), waiting("Bankje op het plein")
    found = at_once([lambda: mark_near_doubles(idea.dossier_id)] * CALLERS)
    assert sorted(found) == [0] * (CALLERS - 1) + [1]
    assert near(idea) == [other.dossier_id]
