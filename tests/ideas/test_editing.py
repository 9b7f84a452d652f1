"""Changing one's initiative, and taking it off the site: nothing unread slips in."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contributions import actions as review
from contributions.models import Dossier, Picture, Revision, Status
from ideas.models import Initiative, Progress
from tests import scenes
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def address(initiative: Initiative, name: str = "edit") -> str:
    return reverse(f"ideas:{name}", args=[initiative.pk, initiative.address_slug])


def change(initiative: Initiative, **changed: Any) -> dict[str, Any]:
    """Return what the author sends: the initiative as it is, but for what changed."""
    return {
        "title": initiative.title,
        "text": initiative.text,
        "language": initiative.language,
        "area": initiative.area_id,
        "theme": initiative.theme_id,
        "address_line": initiative.address_line,
        "help_wanted": initiative.help_wanted,
        **changed,
    }


def dossier_of(initiative: Initiative) -> Dossier:
    return Dossier.objects.get(pk=initiative.dossier_id)


def test_a_change_of_what_is_on_the_site_waits_while_the_approved_text_stays(client: Client):
    initiative = scenes.initiative("A bench")
    client.force_login(initiative.author)

    page = client.post(address(initiative), change(initiative, title="Buy my watches"), follow=True)

    assert "Your change is in. A moderator reads it first" in words(page)
    assert "Your change waits: a moderator reads it first" in words(page)
    initiative.refresh_from_db()
    assert (initiative.title, initiative.status) == ("A bench", Status.PUBLISHED)
    for reader in (Client(), client):
        assert reader.get(initiative.get_absolute_url()).status_code == 200
    assert "Buy my watches" not in words(Client().get(initiative.get_absolute_url()))
    assert "Buy my watches" not in words(Client().get(reverse("ideas:list")))


def test_an_accepted_change_takes_the_place_of_the_old_text_and_its_address(client: Client):
    initiative = scenes.initiative("A bench", address_line="the square", latitude=52, longitude=4)
    other = scenes.area("laak")
    group = scenes.target_group()
    old_address = initiative.get_absolute_url()
    client.force_login(initiative.author)
    client.post(
        address(initiative),
        change(
            initiative,
            title="Two benches",
            area=other.pk,
            target_groups=[group.pk],
            latitude="52.08",
            longitude="4.31",
            language="en",
        ),
    )

    review.accept_revision(dossier=dossier_of(initiative), by=scenes.moderator())

    initiative.refresh_from_db()
    assert (initiative.title, initiative.area, initiative.language) == ("Two benches", other, "en")
    assert (float(initiative.latitude), float(initiative.longitude)) == (52.08, 4.31)
    assert list(initiative.target_groups.all()) == [group]
    moved = Client().get(old_address)
    assert (moved.status_code, moved["Location"]) == (301, initiative.get_absolute_url())


def test_who_changes_twice_goes_on_with_the_change_that_waits(client: Client):
    initiative = scenes.initiative("A bench")
    client.force_login(initiative.author)
    client.post(address(initiative), change(initiative, title="Two benches"))

    page = client.get(address(initiative))
    assert 'value="Two benches"' in page.content.decode()
    client.post(address(initiative), change(initiative, title="Three benches"))

    titles = {change.state: change.data["title"] for change in Revision.objects.all()}
    assert titles == {"dropped": "Two benches", "waiting": "Three benches"}


def test_a_picture_taken_away_in_a_change_stays_on_the_site_until_somebody_read_it(client: Client):
    author = scenes.person()
    draft = scenes.draft(author=author)
    client.force_login(author)
    client.post(
        reverse("ideas:draft_what", args=[draft.pk]),
        change(draft, new_1=scenes.picture_file(), new_description_1="The square"),
    )
    client.post(reverse("ideas:draft_check", args=[draft.pk]))
    scenes.bring(draft, Status.PUBLISHED)
    draft.refresh_from_db()
    (old,) = Picture.objects.all()

    client.post(
        address(draft),
        change(draft, **{f"remove_{old.key}": "on"}, new_1=scenes.picture_file("new.jpg")),
    )
    new = Picture.objects.exclude(pk=old.pk).get()
    visitor = Client()
    assert visitor.get(reverse("picture", args=[old.key, 0])).status_code == 200
    assert visitor.get(reverse("picture", args=[new.key, 0])).status_code == 404
    assert client.get(reverse("picture", args=[new.key, 0])).status_code == 200
    assert str(new.key) not in visitor.get(draft.get_absolute_url()).content.decode()

    # Whoever changes twice finds ticked what was ticked, and so it stays.
    page = client.get(address(draft)).content.decode()
    box = page[page.index(f'name="remove_{old.key}"') - 200 :][:500]
    assert "checked" in box
    review.accept_revision(dossier=dossier_of(draft), by=scenes.moderator())

    assert visitor.get(reverse("picture", args=[old.key, 0])).status_code == 404
    assert visitor.get(reverse("picture", args=[new.key, 0])).status_code == 200


def test_a_change_that_was_not_taken_over_says_why_and_can_be_sent_again(client: Client):
    initiative = scenes.initiative("A bench")
    client.force_login(initiative.author)
    client.post(address(initiative), change(initiative, title="Two benches"))
    review.return_revision(
        dossier=dossier_of(initiative), by=scenes.moderator(), reason="Please say which square."
    )

    assert "Please say which square." in words(client.get(initiative.get_absolute_url()))
    assert "Please say which square." not in words(Client().get(initiative.get_absolute_url()))
    client.post(address(initiative), change(initiative, title="Two benches on the Oranjeplein"))

    assert dossier_of(initiative).review == Dossier.Review.REVISION


def test_who_goes_on_with_a_change_that_was_not_taken_over_keeps_its_pictures(client: Client):
    initiative = scenes.initiative("A bench")
    client.force_login(initiative.author)
    client.post(
        address(initiative),
        change(
            initiative, new_1=scenes.picture_file(), new_description_1="The bench", title="Benches"
        ),
    )
    (picture,) = Picture.objects.all()
    review.return_revision(
        dossier=dossier_of(initiative), by=scenes.moderator(), reason="Please say which square."
    )

    page = client.get(address(initiative)).content.decode()
    assert f'name="remove_{picture.key}"' in page
    client.post(
        address(initiative),
        change(initiative, title="Benches there", **{f"description_{picture.key}": "My bench"}),
    )
    assert f"{picture.key}" in client.get(address(initiative)).content.decode()
    review.accept_revision(dossier=dossier_of(initiative), by=scenes.moderator())

    visitor = Client()
    assert visitor.get(reverse("picture", args=[picture.key, 0])).status_code == 200
    initiative.refresh_from_db()
    assert "My bench" in visitor.get(initiative.get_absolute_url()).content.decode()


def test_a_picture_of_a_change_that_was_not_taken_over_can_be_left_out_of_the_next(client: Client):
    initiative = scenes.initiative("A bench")
    client.force_login(initiative.author)
    client.post(address(initiative), change(initiative, new_1=scenes.picture_file()))
    (picture,) = Picture.objects.all()
    review.return_revision(
        dossier=dossier_of(initiative), by=scenes.moderator(), reason="Somebody stands in it."
    )

    client.post(address(initiative), change(initiative, **{f"remove_{picture.key}": "on"}))
    review.accept_revision(dossier=dossier_of(initiative), by=scenes.moderator())

    assert Client().get(reverse("picture", args=[picture.key, 0])).status_code == 404
    assert client.get(reverse("picture", args=[picture.key, 0])).status_code == 404


def test_with_its_pictures_a_change_that_was_not_taken_over_brings_no_sixth(client: Client):
    initiative = scenes.initiative("A bench")
    client.force_login(initiative.author)
    three = {f"new_{place}": scenes.picture_file() for place in (1, 2, 3)}
    client.post(address(initiative), change(initiative, **three))
    review.return_revision(
        dossier=dossier_of(initiative), by=scenes.moderator(), reason="Say where."
    )

    more = {f"new_{place}": scenes.picture_file() for place in (1, 2, 3)}
    client.post(address(initiative), change(initiative, **more))

    assert Picture.objects.current().count() == 5


def test_the_pictures_of_a_change_go_along_when_the_idea_is_taken_off_and_sent_in_again(
    client: Client,
):
    initiative = scenes.initiative("A bench")
    client.force_login(initiative.author)
    client.post(
        address(initiative), change(initiative, title="Benches", new_1=scenes.picture_file())
    )
    (picture,) = Picture.objects.all()
    client.post(address(initiative, "take_away"))

    page = client.get(address(initiative)).content.decode()
    assert 'value="Benches"' in page
    assert f'name="remove_{picture.key}"' in page
    client.post(address(initiative), change(initiative, title="Benches"))
    review.publish(dossier=dossier_of(initiative), by=scenes.moderator())

    assert Client().get(reverse("picture", args=[picture.key, 0])).status_code == 200


def test_a_returned_idea_is_changed_and_goes_in_again(client: Client):
    initiative = scenes.initiative(status=Status.RETURNED)
    client.force_login(initiative.author)
    page = client.get(initiative.get_absolute_url())
    assert "A moderator asks you to change something." in words(page)
    assert "Please say which street." in words(page)

    client.post(address(initiative), change(initiative, text="In the Vermeerstraat."))

    initiative.refresh_from_db()
    assert (initiative.status, initiative.text) == (Status.SUBMITTED, "In the Vermeerstraat.")
    assert dossier_of(initiative).promised_date


def test_what_waits_is_changed_in_place(client: Client):
    initiative = scenes.initiative(status=Status.SUBMITTED)
    client.force_login(initiative.author)

    client.post(address(initiative), change(initiative, title="A better title"))

    initiative.refresh_from_db()
    assert (initiative.status, initiative.title) == (Status.SUBMITTED, "A better title")
    assert Revision.objects.get().state == Revision.State.MADE


def test_a_wrong_change_keeps_all_that_was_typed_and_names_each_mistake(client: Client):
    initiative = scenes.initiative("A bench")
    client.force_login(initiative.author)

    response = client.post(
        address(initiative),
        change(initiative, title="", text="New words", theme="", help_wanted="x" * 501),
    )

    assert response.status_code == 422
    page = response.content.decode()
    assert "New words" in page
    assert page.count('aria-invalid="true"') >= 3
    assert not Revision.objects.exists()


@pytest.mark.parametrize("status", [Status.REJECTED, Status.HIDDEN])
def test_what_was_decided_against_cannot_be_changed(client: Client, status: str):
    initiative = scenes.initiative(status=status)
    client.force_login(initiative.author)

    for response in (client.get(address(initiative)), client.post(address(initiative), {})):
        assert response["Location"] == initiative.get_absolute_url()
    initiative.refresh_from_db()
    assert initiative.status == status


def test_a_draft_is_changed_in_its_steps(client: Client):
    draft = scenes.initiative(status=Status.DRAFT)
    client.force_login(draft.author)

    response = client.get(address(draft))

    assert response["Location"] == reverse("ideas:draft_what", args=[draft.pk])


def test_an_author_takes_an_idea_off_the_site_and_sends_it_in_again(client: Client):
    author = scenes.trusted(scenes.person())
    initiative = scenes.initiative(author=author)
    scenes.supporters(2, of=initiative)
    closes_on = initiative.closes_on
    client.force_login(author)
    assert client.get(address(initiative, "take_away")).status_code == 200

    page = client.post(address(initiative, "take_away"), follow=True)

    assert "You took this off the site. Nobody else sees it." in words(page)
    assert Client().get(initiative.get_absolute_url()).status_code == 404
    client.post(address(initiative), change(initiative))
    initiative.refresh_from_db()
    # It may be another text by now, with the supports of the first: somebody reads it.
    assert initiative.status == Status.SUBMITTED
    scenes.bring(initiative, Status.PUBLISHED)
    initiative.refresh_from_db()
    assert (initiative.closes_on, initiative.support_count) == (closes_on, 2)


def test_taking_away_drops_the_change_that_waits(client: Client):
    initiative = scenes.initiative()
    client.force_login(initiative.author)
    client.post(address(initiative), change(initiative, title="Two benches"))

    client.post(address(initiative, "take_away"))

    assert Revision.objects.get().state == Revision.State.DROPPED
    assert dossier_of(initiative).review == Dossier.Review.NONE


def test_what_is_hidden_cannot_be_taken_away_to_come_back_unread(client: Client):
    initiative = scenes.initiative(status=Status.HIDDEN)
    client.force_login(initiative.author)

    client.post(address(initiative, "take_away"))

    initiative.refresh_from_db()
    assert initiative.status == Status.HIDDEN


@pytest.mark.parametrize("status", list(Status))
def test_the_initiative_of_someone_else_cannot_be_changed_or_taken_away(
    client: Client, status: str
):
    initiative = scenes.initiative("A bench", status=status)

    for person in (scenes.person(), scenes.moderator(), scenes.granted("programme_office")):
        client.force_login(person)
        for name in ("edit", "take_away"):
            assert client.get(address(initiative, name)).status_code == 404
            assert client.post(address(initiative, name), change(initiative)).status_code == 404

    initiative.refresh_from_db()
    assert (initiative.title, initiative.status) == ("A bench", status)


def test_a_visitor_is_asked_to_sign_in_before_changing_anything(client: Client):
    initiative = scenes.initiative()

    for name in ("edit", "take_away"):
        response = client.post(address(initiative, name), change(initiative))
        assert response["Location"].startswith(reverse("account_login"))
    initiative.refresh_from_db()
    assert initiative.status == Status.PUBLISHED


def test_a_change_never_sets_what_is_not_asked(client: Client):
    initiative = scenes.initiative(status=Status.SUBMITTED)
    client.force_login(initiative.author)

    client.post(
        address(initiative),
        change(
            initiative,
            status="published",
            progress="done",
            support_count=5000,
            threshold=1,
            author=scenes.person().pk,
        ),
    )

    after = Initiative.objects.get(pk=initiative.pk)
    assert (after.status, after.progress) == (Status.SUBMITTED, Progress.OPEN)
    assert (after.support_count, after.threshold) == (0, initiative.threshold)
    assert after.author == initiative.author


def test_somebody_under_16_is_asked_for_no_place_when_changing_either(client: Client):
    child = scenes.person(age_band="12-15")
    initiative = scenes.initiative(author=child)
    client.force_login(child)

    page = client.get(address(initiative)).content.decode()
    client.post(
        address(initiative),
        change(initiative, address_line="Vermeerstraat 12", latitude="52", longitude="4"),
    )
    review.accept_revision(dossier=dossier_of(initiative), by=scenes.moderator())

    assert "latitude" not in page
    initiative.refresh_from_db()
    assert (initiative.address_line, initiative.latitude) == ("", None)
