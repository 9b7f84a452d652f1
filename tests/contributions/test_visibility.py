"""Who may see which text: one door for pages, counts, files and mails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User
from contributions import actions
from contributions.models import Contribution, Dossier, Status
from ideas.actions import answer
from ideas.models import Comment, Initiative, OfficialAnswer
from tests import scenes

pytestmark = pytest.mark.django_db

EVERYBODY = {
    "visitor",
    "resident",
    "author",
    "young",
    "moderator of all",
    "moderator here",
    "moderator of the city",
    "moderator of the language",
    "moderator elsewhere",
    "moderator of another language",
    "moderator whose term is over",
    "messenger",
    "programme office",
    "administrator",
}
MODERATORS = {
    "moderator of all",
    "moderator here",
    "moderator of the city",
    "moderator of the language",
}
SEEN_BY: dict[str, set[str]] = {
    Status.DRAFT: {"author"},
    Status.SUBMITTED: {"author"} | MODERATORS,
    Status.PUBLISHED: EVERYBODY,
    Status.RETURNED: {"author"} | MODERATORS,
    Status.REJECTED: {"author"} | MODERATORS,
    Status.HIDDEN: {"author"} | MODERATORS,
    Status.WITHDRAWN: {"author"},
}


def everybody(author: User) -> dict[str, User | AnonymousUser]:
    city = scenes.area("stad")
    here, there = scenes.area("hier", parent=city), scenes.area("daar", parent=city)
    over = scenes.granted(Role.MODERATOR)
    over.grants.update(ends_at=over.grants.get().starts_at.replace(microsecond=999_999))
    return {
        "visitor": AnonymousUser(),
        "resident": scenes.person(),
        "author": author,
        "young": scenes.person(age_band="12-15"),
        "moderator of all": scenes.moderator(),
        "moderator here": scenes.moderator(area=here, language="pl"),
        "moderator of the city": scenes.moderator(area=city),
        "moderator of the language": scenes.moderator(language="pl"),
        "moderator elsewhere": scenes.moderator(area=there),
        "moderator of another language": scenes.moderator(language="bg"),
        "moderator whose term is over": User.objects.get(pk=over.pk),
        "messenger": scenes.granted(Role.MESSENGER, language="pl"),
        "programme office": scenes.granted(Role.PROGRAMME_OFFICE),
        "administrator": scenes.granted(Role.ADMINISTRATOR),
    }


def seen_by(contribution: Contribution, people: dict[str, Any]) -> set[str]:
    contributions: Any = type(contribution)._default_manager
    return {
        name
        for name, person in people.items()
        if contributions.visible_to(person).filter(pk=contribution.pk).exists()
    }


def initiative(author: User, status: str) -> Initiative:
    city = scenes.area("stad")
    return scenes.initiative(
        author=author, status=status, where=scenes.area("hier", parent=city), language="pl"
    )


def comment(author: User, status: str) -> Comment:
    on = scenes.initiative(where=scenes.area("hier", parent=scenes.area("stad")), language="pl")
    return scenes.comment(on, author=author, status=status, language="pl")


@pytest.mark.parametrize("make", [initiative, comment])
@pytest.mark.parametrize("status", Status.values)
def test_a_text_is_seen_by_whom_its_status_allows(
    status: str, make: Callable[[User, str], Contribution]
):
    author = scenes.person()
    text = make(author, status)

    assert seen_by(text, everybody(author)) == SEEN_BY[status]


@pytest.mark.parametrize("status", [Status.HIDDEN, Status.WITHDRAWN])
def test_what_hangs_on_an_initiative_that_is_gone_is_gone_with_it(status: str):
    writer, office = scenes.person(), scenes.granted(Role.PROGRAMME_OFFICE)
    on = initiative(scenes.person(), Status.PUBLISHED)
    remark = scenes.comment(on, author=writer, language="pl")
    official = answer(initiative=on, by=office, outcome="adopted", text="Yes.", language="nl")
    people = {**everybody(writer), "author": on.author, "writer": writer, "office": office}

    scenes.bring(on, status)

    allowed = {"author"} | (MODERATORS if status == Status.HIDDEN else set())
    assert seen_by(remark, people) == allowed
    assert seen_by(official, people) == allowed


def test_an_official_answer_is_for_everybody():
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    official = answer(
        initiative=scenes.initiative(), by=office, outcome="not", text="No.", language="nl"
    )
    people = everybody(office)

    assert seen_by(official, people) == set(people)
    assert OfficialAnswer.objects.visible_to(AnonymousUser()).count() == 1


def test_counts_are_counted_behind_the_same_door():
    author, on = scenes.person(), scenes.initiative()
    for status in Status.values:
        scenes.comment(on, f"It is {status}.", status=status, author=author)
        scenes.initiative(status=status, author=author)

    def counts(user: User | AnonymousUser) -> tuple[int, int]:
        return (
            Initiative.objects.visible_to(user).count(),
            Comment.objects.visible_to(user).count(),
        )

    assert counts(AnonymousUser()) == (2, 1)
    assert counts(scenes.person()) == (2, 1)
    assert counts(author) == (8, 7)
    assert counts(scenes.moderator()) == (6, 5)


def test_a_moderator_with_two_grants_sees_each_text_once():
    text = scenes.initiative(status=Status.SUBMITTED)
    reader = scenes.moderator()
    reader = scenes.granted(Role.MODERATOR, area=text.area, language="nl", user=reader)

    assert list(Initiative.objects.visible_to(reader)) == [text]


def test_the_number_of_comments_follows_what_can_be_read():
    on = scenes.initiative()

    def count() -> int:
        on.refresh_from_db()
        return on.comment_count

    remark = scenes.comment(on, status=Status.SUBMITTED)
    dossier, reader = Dossier.objects.get(pk=remark.dossier_id), scenes.moderator()
    assert count() == 0
    actions.publish(dossier=dossier, by=reader)
    assert count() == 1
    actions.hide(dossier=dossier, by=reader, rule=scenes.house_rule(), reason="Not kind.")
    assert count() == 0
    actions.restore(dossier=dossier, by=reader)
    assert count() == 1
    actions.withdraw(contribution=remark, by=remark.author)
    assert count() == 0
    actions.submit(contribution=remark, by=remark.author)
    assert count() == 0


def test_a_comment_withdrawn_while_it_waited_was_never_counted():
    on = scenes.initiative()
    scenes.comment(on, status=Status.WITHDRAWN)

    on.refresh_from_db()

    assert on.comment_count == 0


class TestDraftsHeldByABrowser:
    def test_a_browser_sees_the_drafts_of_its_key(self):
        held = scenes.draft(draft_key="k" * 43)
        scenes.draft(draft_key="x" * 43)

        assert list(Initiative.objects.held_by("k" * 43)) == [held]

    def test_no_key_holds_nothing(self):
        scenes.draft(author=scenes.person())
        scenes.draft(draft_key="k" * 43)

        assert not Initiative.objects.held_by("").exists()

    def test_what_has_an_author_is_held_by_nobody_else(self):
        draft = scenes.draft(draft_key="k" * 43)
        actions.claim_draft(draft=draft, by=scenes.person(), draft_key="k" * 43)

        assert not Initiative.objects.held_by("k" * 43).exists()
