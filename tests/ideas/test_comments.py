"""Comments: two levels, written first and signed in last; what is taken away leaves its place."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contributions import actions as review
from contributions.actions import NotPossibleNow
from contributions.models import Dossier, Revision, Status
from ideas import actions
from ideas.actions import drafts
from ideas.limits import RATES, RATES_PER_ACCOUNT
from ideas.models import Comment, Initiative
from ideas.threads import THREAD_SIZE
from tests import scenes
from tests.pages import words
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db


def comments_url(initiative: Initiative) -> str:
    return reverse("ideas:comments", args=[initiative.pk, initiative.address_slug])


def say(browser: Client, initiative: Initiative, text: str = "Good idea!", **more: Any) -> Any:
    return browser.post(comments_url(initiative), {"text": text, **more})


def page_of(initiative: Initiative, browser: Client | None = None) -> str:
    return words((browser or Client()).get(initiative.get_absolute_url()))


def count_of(initiative: Initiative) -> int:
    initiative.refresh_from_db()
    return initiative.comment_count


# --- Writing ---


def test_a_neighbour_says_what_they_think_and_takes_a_stance(client: Client):
    initiative = scenes.initiative()
    client.force_login(scenes.trusted(scenes.person("Anna")))

    response = say(client, initiative, "Where exactly?", stance="question")

    comment = Comment.objects.get()
    assert response["Location"] == (
        f"{initiative.get_absolute_url()}?after={comment.pk - 1}#reactie-{comment.pk}"
    )
    page = page_of(initiative)
    assert "Anna I have a question" in page
    assert "Where exactly?" in page
    assert "Comments (1)" in page


def test_the_comment_of_a_newcomer_waits_and_only_they_see_it(client: Client):
    initiative = scenes.initiative()
    client.force_login(scenes.person())

    page = client.post(comments_url(initiative), {"text": "Good idea!"}, follow=True)

    assert "A moderator reads this before others see it." in words(page)
    assert "Waits for a moderator" in page_of(initiative, client)
    assert "Good idea!" not in page_of(initiative)
    assert count_of(initiative) == 0
    review.publish(dossier=Dossier.objects.get(comment__isnull=False), by=scenes.moderator())
    assert "Good idea!" in page_of(initiative)
    assert count_of(initiative) == 1


def test_a_visitor_writes_first_and_signs_in_last(client: Client):
    initiative = scenes.initiative()

    asked = say(client, initiative, "From the bus stop", stance="for")

    comment = Comment.objects.get()
    assert (comment.status, comment.author) == (Status.DRAFT, None)
    assert asked["Location"].startswith(reverse("account_login"))
    own = comment.get_edit_url()
    assert own in asked["Location"]
    assert Client().get(own).status_code == 404
    assert "From the bus stop" in client.get(own).content.decode()

    neighbour = scenes.trusted(scenes.person())
    client.force_login(neighbour)
    assert "From the bus stop" in client.get(own).content.decode()
    client.post(own, {"text": "From the bus stop", "stance": "for"})

    comment.refresh_from_db()
    assert (comment.status, comment.author) == (Status.PUBLISHED, neighbour)
    assert (comment.stance, comment.draft_key) == ("for", "")


def test_a_newcomer_tells_their_age_beside_the_comment_and_one_press_places_it(client: Client):
    initiative = scenes.initiative()
    newcomer = scenes.person(age_band="")
    client.force_login(newcomer)

    asked = client.get(say(client, initiative)["Location"])

    comment = Comment.objects.get()
    assert asked.request["PATH_INFO"] == comment.get_edit_url()
    assert "Tell us your age group once; then we can place your comment." in asked.content.decode()
    assert "Your age (not required)" not in words(asked)
    page = words(asked)
    assert page.index("Your age") < page.index("What do you think?")

    placed = client.post(
        comment.get_edit_url(), {"text": "Good idea!", "age_band": "27-54"}, follow=True
    )

    assert "A moderator reads this before others see it." in words(placed)
    comment.refresh_from_db()
    newcomer.refresh_from_db()
    assert (comment.status, newcomer.age_band) == (Status.SUBMITTED, "27-54")
    assert "Your age" not in words(client.get(comment.get_edit_url()))


@pytest.mark.parametrize(
    ("age_band", "answer"),
    [
        ("", "Choose one of these."),
        ("0-11", "You can take part here when you are 12."),
        ("99", "Select a valid choice."),
    ],
)
def test_a_comment_without_an_age_group_is_kept_and_says_what_is_missing(
    client: Client, age_band: str, answer: str
):
    initiative = scenes.initiative()
    client.force_login(scenes.person(age_band=""))
    say(client, initiative)
    own = Comment.objects.get().get_edit_url()

    refused = client.post(own, {"text": "A better idea!", "age_band": age_band})

    assert refused.status_code == 422
    assert answer in words(refused)
    comment = Comment.objects.get()
    assert (comment.status, comment.text) == (Status.DRAFT, "A better idea!")


def test_an_answer_stands_under_its_comment_and_takes_no_stance(client: Client):
    initiative = scenes.initiative()
    comment = scenes.comment(initiative, "Where exactly?")
    client.force_login(scenes.trusted(scenes.person()))
    form = client.get(f"{comments_url(initiative)}?antwoord-op={comment.pk}")
    assert "Where exactly?" in words(form)

    say(client, initiative, "By the fountain", parent=comment.pk, stance="against")

    reply = Comment.objects.get(parent=comment)
    assert reply.stance == ""
    page = page_of(initiative)
    assert page.index("Where exactly?") < page.index("By the fountain")
    assert count_of(initiative) == 2


def test_an_answer_is_not_answered(client: Client):
    initiative = scenes.initiative()
    comment = scenes.comment(initiative)
    reply = scenes.comment(initiative, "By the fountain", parent=comment)
    neighbour = scenes.person()
    client.force_login(neighbour)

    response = say(client, initiative, "Third level", parent=reply.pk)

    assert response.status_code == 422
    assert "Third level" in response.content.decode()
    assert Comment.objects.count() == 2
    with pytest.raises(NotPossibleNow):
        actions.write_comment(
            initiative=initiative,
            author=neighbour,
            draft_key="",
            text="Third level",
            language="nl",
            parent=reply,
        )


def test_an_answer_to_what_was_taken_away_in_the_meantime_keeps_its_text(client: Client):
    initiative = scenes.initiative()
    comment = scenes.comment(initiative)
    client.force_login(scenes.trusted(scenes.person()))
    client.get(f"{comments_url(initiative)}?antwoord-op={comment.pk}")
    review.withdraw(contribution=comment, by=comment.author)

    response = say(client, initiative, "Fully agree with you", parent=comment.pk)

    assert response.status_code == 422
    assert "The comment that you answer was taken away." in words(response)
    assert "Fully agree with you" in response.content.decode()
    # The page no longer names the comment: sent again, the text stands by itself.
    assert 'name="parent"' not in response.content.decode()


def test_an_answer_belongs_under_the_same_initiative(client: Client):
    comment = scenes.comment(scenes.initiative())
    other = scenes.initiative("Another")
    client.force_login(scenes.person())

    assert say(client, other, parent=comment.pk).status_code == 422
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("parent", ["x", "-1", "1e1", "9" * 30, "\x00", "٣"])
def test_a_strange_number_of_a_comment_is_refused_with_a_sentence(client: Client, parent: str):
    initiative = scenes.initiative()
    client.force_login(scenes.person())

    response = say(client, initiative, "Good idea!", parent=parent)

    assert response.status_code == 422
    assert "Good idea!" in response.content.decode()
    assert client.get(comments_url(initiative), {"antwoord-op": parent}).status_code == 200
    assert client.get(initiative.get_absolute_url(), {"after": parent}).status_code == 200


@pytest.mark.parametrize(
    "sent", [{"text": ""}, {"text": " \n\t\x00\x07"}, {"text": "x" * 2001}, {}]
)
def test_an_empty_or_endless_comment_is_refused_beside_its_field(
    client: Client, sent: dict[str, str]
):
    initiative = scenes.initiative()
    client.force_login(scenes.person())

    response = client.post(comments_url(initiative), {"stance": "for", **sent})

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert not Comment.objects.exists()


def test_an_unknown_stance_is_refused(client: Client):
    initiative = scenes.initiative()
    client.force_login(scenes.person())

    assert say(client, initiative, stance="maybe").status_code == 422


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.HIDDEN, Status.WITHDRAWN])
def test_nobody_comments_on_what_is_not_on_the_site(client: Client, status: str):
    initiative = scenes.initiative(status=status)

    for person in (initiative.author, scenes.person()):
        client.force_login(person)
        assert say(client, initiative).status_code == 404
    assert not Comment.objects.exists()


def test_a_comment_waits_for_nothing_when_its_initiative_leaves_the_site(client: Client):
    initiative = scenes.initiative()
    comment = scenes.comment(initiative, status=Status.DRAFT)
    scenes.bring(initiative, Status.HIDDEN)

    with pytest.raises(NotPossibleNow):
        actions.hand_in_comment(comment=comment, by=comment.author)


def test_one_network_begins_only_so_many_comments_without_an_account(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(RATES, "comment", "2/h/ip")
    initiative = scenes.initiative()
    for _number in range(2):
        assert say(Client(), initiative).status_code == 302

    response = say(client, initiative, "One more")

    assert response.status_code == 422
    assert "One more" in response.content.decode()


def test_a_person_sends_only_so_many_comments_in_an_hour(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(RATES_PER_ACCOUNT, "comment", "2/h/user")
    initiative = scenes.initiative()
    client.force_login(scenes.person())
    for number in range(2):
        assert say(client, initiative, f"Number {number}").status_code == 302

    response = say(client, initiative, "One more")

    assert response.status_code == 422
    assert "You sent a lot in the last hour. Wait a while, then send this again." in words(response)
    assert "One more" in response.content.decode()


def test_who_does_not_tell_their_age_leaves_only_so_many_comments_unfinished(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(drafts, "MAX_DRAFTS_PER_ACCOUNT", 2)
    initiative = scenes.initiative()
    client.force_login(scenes.person(age_band=""))
    for number in range(2):
        say(client, initiative, f"Number {number}")

    response = say(client, initiative, "One more")

    assert response.status_code == 422
    assert "You have many drafts already. Finish one of them first." in words(response)
    assert "One more" in response.content.decode()
    assert Comment.objects.count() == 2


# --- Sent twice ---


@pytest.mark.parametrize("trusted", [True, False])
def test_a_comment_that_is_sent_twice_stands_there_once(client: Client, trusted: bool):
    initiative = scenes.initiative()
    neighbour = scenes.person()
    client.force_login(scenes.trusted(neighbour) if trusted else neighbour)

    first = say(client, initiative, "Good idea!", stance="for")
    second = say(client, initiative, "Good idea!", stance="for")

    assert Comment.objects.count() == 1
    assert second["Location"] == first["Location"]
    if trusted:
        assert "Your comment is on the site." in words(client.get(second["Location"]))
    assert count_of(initiative) == int(trusted)


def test_a_visitors_comment_that_is_sent_twice_is_one_draft(client: Client):
    initiative = scenes.initiative()

    first, second = say(client, initiative), say(client, initiative)

    assert Comment.objects.count() == 1
    assert second["Location"] == first["Location"]
    say(Client(), initiative)
    assert Comment.objects.count() == 2


def test_other_words_another_place_or_another_day_make_another_comment(client: Client):
    initiative, other = scenes.initiative(), scenes.initiative("A tree")
    under = scenes.comment(initiative, "Where exactly?")
    client.force_login(scenes.trusted(scenes.person()))
    say(client, initiative, "Yes!")

    say(client, initiative, "Yes, please!")
    say(client, initiative, "Yes!", stance="for")
    say(client, initiative, "Yes!", parent=under.pk)
    say(client, other, "Yes!")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        say(client, initiative, "Yes!")

    assert Comment.objects.exclude(pk=under.pk).count() == 6


def test_what_was_taken_away_can_be_said_again(client: Client):
    initiative = scenes.initiative()
    neighbour = scenes.trusted(scenes.person())
    client.force_login(neighbour)
    say(client, initiative)
    review.withdraw(contribution=Comment.objects.get(), by=neighbour)

    say(client, initiative)

    assert Comment.objects.published().count() == 1


def test_a_draft_that_is_placed_twice_stands_there_once_and_asks_for_no_change(client: Client):
    initiative = scenes.initiative()
    say(client, initiative)
    own = Comment.objects.get().get_edit_url()
    client.force_login(scenes.trusted(scenes.person()))

    first, second = (client.post(own, {"text": "Good idea!", "language": "en"}) for _press in "12")

    comment = Comment.objects.get()
    assert comment.status == Status.PUBLISHED
    assert first["Location"] == second["Location"] == comment.get_absolute_url()
    assert not Revision.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_account", [True, False])
def test_many_identical_comments_at_once_are_one(has_account: bool):
    initiative = scenes.initiative()
    neighbour = scenes.trusted(scenes.person())

    def send() -> Comment:
        comment = actions.write_comment(
            initiative=initiative,
            author=neighbour if has_account else None,
            draft_key="" if has_account else "k" * 43,
            text="Good idea!",
            language="en",
        )
        return actions.hand_in_comment(comment=comment, by=neighbour) if has_account else comment

    outcomes = at_once([send for _caller in range(CALLERS)])

    assert outcomes == [Comment.objects.get()] * CALLERS
    assert count_of(initiative) == int(has_account)


# --- One's own comment afterwards ---


def test_a_change_of_a_comment_on_the_site_waits_for_a_moderator(client: Client):
    initiative = scenes.initiative()
    comment = scenes.comment(initiative, "Good idea!", stance="for")
    client.force_login(comment.author)

    client.post(comment.get_edit_url(), {"text": "Buy my watches", "stance": "against"})

    assert "Buy my watches" not in page_of(initiative)
    assert Revision.objects.get().data["text"] == "Buy my watches"
    review.accept_revision(dossier=comment.dossier, by=scenes.moderator())
    comment.refresh_from_db()
    assert (comment.text, comment.stance) == ("Buy my watches", "against")
    assert count_of(initiative) == 1


def test_a_returned_comment_says_why_and_is_sent_in_again(client: Client):
    comment = scenes.comment(scenes.initiative(), status=Status.RETURNED)
    client.force_login(comment.author)
    page = words(client.get(comment.get_edit_url()))
    assert "A moderator asks you to change something." in page
    assert "Please say which street." in page

    client.post(comment.get_edit_url(), {"text": "In the Vermeerstraat"})

    comment.refresh_from_db()
    assert (comment.status, comment.text) == (Status.SUBMITTED, "In the Vermeerstraat")


def test_a_wrong_change_of_a_comment_is_shown_beside_its_field(client: Client):
    comment = scenes.comment(scenes.initiative())
    client.force_login(comment.author)

    response = client.post(comment.get_edit_url(), {"text": ""})

    assert response.status_code == 422
    comment.refresh_from_db()
    assert comment.text == "What a good idea"


def test_an_author_takes_a_comment_off_the_site(client: Client):
    initiative = scenes.initiative()
    comment = scenes.comment(initiative, "I said too much")
    client.force_login(comment.author)
    away = reverse(
        "ideas:take_comment_away", args=[initiative.pk, initiative.address_slug, comment.pk]
    )

    assert client.get(away).status_code == 405
    page = client.post(away, follow=True)

    assert "Your comment is off the site." in words(page)
    assert "I said too much" not in page_of(initiative)
    assert "Comments (0)" in page_of(initiative)
    assert count_of(initiative) == 0


def test_the_comment_of_someone_else_is_out_of_reach(client: Client):
    initiative = scenes.initiative()
    comment = scenes.comment(initiative)
    away = reverse(
        "ideas:take_comment_away", args=[initiative.pk, initiative.address_slug, comment.pk]
    )

    for person in (scenes.person(), initiative.author, scenes.moderator()):
        client.force_login(person)
        assert client.get(comment.get_edit_url()).status_code == 404
        assert client.post(comment.get_edit_url(), {"text": "Mine"}).status_code == 404
        assert client.post(away).status_code == 404
    comment.refresh_from_db()
    assert (comment.text, comment.status) == ("What a good idea", Status.PUBLISHED)


# --- What is taken away ---


def test_a_hidden_comment_leaves_its_place_without_text_or_name():
    initiative = scenes.initiative()
    comment = scenes.comment(initiative, "Something rude", author=scenes.person("Rude Neighbour"))
    scenes.comment(initiative, "Please be kind", parent=comment)
    scenes.bring(comment, Status.HIDDEN)

    for reader in (None, scenes.person(), initiative.author):
        browser = Client()
        if reader:
            browser.force_login(reader)
        for address in (initiative.get_absolute_url(), comments_url(initiative)):
            html = browser.get(address).content.decode()
            assert "Something rude" not in html
            assert "Rude Neighbour" not in html
            assert "A moderator took this comment away." in html
            assert "Please be kind" in html
    assert count_of(initiative) == 1


def test_what_stood_under_a_comment_that_its_writer_took_away_still_stands():
    initiative = scenes.initiative()
    comment = scenes.comment(initiative, "I said too much", author=scenes.person("Shy Neighbour"))
    scenes.comment(initiative, "Thank you for saying so", parent=comment)
    alone = scenes.comment(initiative, "Me too")
    for own in (comment, alone):
        review.withdraw(contribution=own, by=own.author)

    html = Client().get(initiative.get_absolute_url()).content.decode()

    assert "Thank you for saying so" in html
    assert "I said too much" not in html
    assert "Shy Neighbour" not in html
    assert "Me too" not in html
    assert html.count("took this comment away.") == 1
    assert "A moderator took" not in html


def test_the_author_of_a_hidden_comment_reads_it_and_why(client: Client):
    initiative = scenes.initiative()
    comment = scenes.comment(initiative, "Something rude", status=Status.HIDDEN)
    client.force_login(comment.author)

    assert "Something rude" in page_of(initiative, client)
    assert "Not kind." in words(client.get(comment.get_edit_url()))


@pytest.mark.parametrize(
    "status", [Status.SUBMITTED, Status.RETURNED, Status.REJECTED, Status.WITHDRAWN]
)
def test_a_comment_that_is_not_on_the_site_leaves_no_trace(status: str):
    initiative = scenes.initiative()
    scenes.comment(initiative, "Something rude", status=status)

    page = page_of(initiative)

    assert "Something rude" not in page
    assert "Comments (0)" in page
    assert "Nobody said anything about this yet." in page


def test_with_its_initiative_a_comment_disappears_everywhere(client: Client):
    initiative = scenes.initiative("Secret plan")
    neighbour = scenes.person()
    comment = scenes.comment(initiative, "About the secret", author=neighbour)
    scenes.bring(initiative, Status.HIDDEN)
    client.force_login(neighbour)

    assert client.get(comments_url(initiative)).status_code == 404
    assert client.get(comment.get_edit_url()).status_code == 404
    my_page = client.get(reverse("account_home")).content.decode()
    assert "Secret plan" not in my_page
    assert comment.get_edit_url() not in my_page
    assert not Comment.objects.visible_to(neighbour).exists()


def test_somebody_under_16_comments_under_a_pseudonym(client: Client):
    child = scenes.person("Real Name", age_band="12-15")
    initiative = scenes.initiative()
    comment = scenes.comment(initiative, "For football", author=child)
    scenes.comment(initiative, "Yes!", parent=comment)

    for address in (
        initiative.get_absolute_url(),
        f"{comments_url(initiative)}?antwoord-op={comment.pk}",
    ):
        html = client.get(address).content.decode()
        assert "Real Name" not in html
        assert child.pseudonym in html


# --- Long threads ---


def test_a_long_thread_goes_on_on_a_next_page(client: Client):
    initiative = scenes.initiative()
    author = scenes.trusted(scenes.person())
    for number in range(THREAD_SIZE + 2):
        scenes.comment(initiative, f"Comment number {number}.", author=author)

    first = page_of(initiative)
    last = Comment.objects.order_by("pk")[THREAD_SIZE - 1]
    second = words(client.get(initiative.get_absolute_url(), {"after": last.pk}))

    assert "Comment number 19." in first
    assert "Comment number 20." not in first
    assert "Show the next comments" in first
    assert "Comment number 19." not in second
    assert "Comment number 21." in second
