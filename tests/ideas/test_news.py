"""News about an initiative: told by its initiators, read by everybody."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, OrganisationGrant, Role, User
from contributions.models import Picture, Status
from ideas import actions
from ideas.models import Initiative, Update
from tests import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.either]

TOLD = {"text": "The bench is being built on Saturday.", "language": "en"}


def news_url(initiative: Initiative, view: str = "news", *more: int) -> str:
    return reverse(f"ideas:{view}", args=[initiative.pk, initiative.address_slug, *more])


def signed_in(person: User | None) -> Client:
    browser = Client()
    if person:
        browser.force_login(person)
    return browser


@pytest.fixture
def idea() -> Initiative:
    scenes.moderator()
    return scenes.initiative("A bench", author=scenes.trusted(scenes.person("Anna")))


def test_an_initiator_tells_news_with_pictures_and_everybody_reads_it(idea: Initiative):
    browser = signed_in(idea.author)
    write = news_url(idea, "write_news")
    assert write.encode() in browser.get(idea.get_absolute_url()).content

    photo = scenes.picture_file()
    response = browser.post(
        write, {**TOLD, "new_1": photo, "new_description_1": "Planks"}, follow=True
    )

    update = Update.objects.get()
    assert update.status == Status.PUBLISHED
    assert response.redirect_chain[-1][0] == update.get_absolute_url()
    picture = Picture.objects.get(dossier=update.dossier)
    for address in (idea.get_absolute_url(), news_url(idea), update.get_absolute_url()):
        page = Client().get(address).content.decode()
        assert "built on Saturday" in page
        assert "Anna" in page
        assert 'alt="Planks"' in page
        assert f'id="nieuws-{update.pk}"' in page
    assert Client().get(reverse("picture", args=[picture.key, 0])).status_code == 200
    # Only who may tell news is offered to.
    assert write.encode() not in Client().get(idea.get_absolute_url()).content


def test_news_of_a_newcomer_is_read_by_a_moderator_first():
    moderator = scenes.moderator()
    idea = scenes.initiative("A bench")
    author = idea.author
    assert author
    browser = signed_in(author)
    page = browser.post(news_url(idea, "write_news"), TOLD, follow=True).content.decode()
    update = Update.objects.get()
    assert update.status == Status.SUBMITTED
    assert "A moderator reads this before others see it" in page
    assert b"Saturday" not in Client().get(idea.get_absolute_url()).content
    assert b"Saturday" not in Client().get(news_url(idea)).content
    assert Client().get(update.get_edit_url()).status_code == 302
    assert signed_in(scenes.person()).get(update.get_edit_url()).status_code == 404
    item = signed_in(moderator).get(reverse("moderation:item", args=[update.dossier_id]))
    assert "built on Saturday" in item.content.decode()
    assert "A bench" in item.content.decode()
    assert "built on Saturday" in browser.get("/en/account/").content.decode()

    scenes.bring(update, Status.PUBLISHED)
    assert b"Saturday" in Client().get(idea.get_absolute_url()).content
    scenes.bring(update, Status.HIDDEN)
    assert b"Saturday" not in Client().get(idea.get_absolute_url()).content
    assert b"Saturday" not in Client().get(news_url(idea)).content


def test_news_is_not_told_without_an_age(idea: Initiative):
    author = idea.author
    assert author
    User.objects.filter(pk=author.pk).update(
        age_confirmed_at=timezone.now() - datetime.timedelta(days=366)
    )
    response = signed_in(author).post(news_url(idea, "write_news"), TOLD)
    update = Update.objects.get()
    assert response["Location"].endswith(f"?next={update.get_edit_url()}")
    assert update.status == Status.DRAFT


def test_the_newest_three_stand_with_the_idea_and_all_on_a_page_of_their_own(idea: Initiative):
    for number in range(1, 13):
        scenes.update(idea, f"News number {number}.")

    page = Client().get(idea.get_absolute_url()).content.decode()
    assert [f"number {n}." in page for n in (12, 11, 10, 9)] == [True, True, True, False]
    assert page.index("number 12.") < page.index("number 11.")
    all_news = Client().get(news_url(idea))
    assert "number 3." in all_news.content.decode()
    assert "number 2." not in all_news.content.decode()
    cursor = all_news.context["next_cursor"]
    older = Client().get(f"{news_url(idea)}?after={cursor}").content.decode()
    assert "number 2." in older
    assert "number 3." not in older
    first = Update.objects.earliest("pk")
    assert "number 1." in Client().get(first.get_absolute_url()).content.decode()


@pytest.mark.parametrize("after", ["x", "-1", "0", "9" * 30, "1.5", "'", "\x00"])
def test_a_page_that_does_not_exist_is_the_first_one(idea: Initiative, after: str):
    scenes.update(idea, "Only news.")
    response = Client().get(news_url(idea), {"after": after})
    assert response.status_code == 200
    assert "Only news." in response.content.decode()


def test_nobody_else_tells_news_and_not_about_what_is_not_on_the_site(idea: Initiative):
    author = idea.author
    write = news_url(idea, "write_news")
    for person in (scenes.person(), scenes.moderator(), scenes.granted(Role.PROGRAMME_OFFICE)):
        assert signed_in(person).get(write).status_code == 404
        assert signed_in(person).post(write, TOLD).status_code == 404
    assert Client().get(write).status_code == 302
    draft = scenes.update(idea, "Half a text", status=Status.DRAFT)
    scenes.bring(idea, Status.HIDDEN)
    assert signed_in(author).post(write, TOLD).status_code == 404
    assert author
    with pytest.raises(actions.NotInitiator):
        actions.hand_in_update(update=draft, by=author)
    assert Update.objects.count() == 1


def test_who_joined_an_idea_tells_news_about_it_in_their_own_name(idea: Initiative):
    who = scenes.joined(idea, scenes.trusted(scenes.person("Bilal")))
    browser = signed_in(who)
    write = news_url(idea, "write_news")
    assert write.encode() in browser.get(idea.get_absolute_url()).content
    browser.post(write, TOLD)
    shown = Client().get(news_url(idea)).content.decode()
    assert "built on Saturday" in shown
    assert "Bilal" in shown


def test_with_its_idea_news_disappears_for_everybody(idea: Initiative):
    update = scenes.update(idea, "Saturday at ten.", picture=True)
    picture = Picture.objects.get(dossier=update.dossier)
    scenes.bring(idea, Status.HIDDEN)
    for browser in (Client(), signed_in(scenes.person())):
        for address in (news_url(idea), reverse("picture", args=[picture.key, 0])):
            assert browser.get(address).status_code == 404


def test_the_same_news_sent_twice_stands_there_once(idea: Initiative):
    browser = signed_in(idea.author)
    for _time in range(2):
        assert browser.post(news_url(idea, "write_news"), TOLD).status_code == 302
    assert Update.objects.count() == 1


def test_a_change_waits_while_the_old_text_stays(idea: Initiative):
    update = scenes.update(idea, "On Saturday.", picture=True)
    moderator = scenes.moderator()
    browser = signed_in(idea.author)
    edit = update.get_edit_url()
    assert "On Saturday." in browser.get(edit).content.decode()
    key = Picture.objects.get().key

    response = browser.post(
        edit,
        {
            "text": "On Sunday.",
            "language": "en",
            f"description_{key}": "A photo of planks",
            "new_1": scenes.picture_file(),
        },
    )
    assert response["Location"] == edit
    shown = Client().get(idea.get_absolute_url()).content.decode()
    assert "On Saturday." in shown
    assert "On Sunday." not in shown
    assert "On Sunday." in browser.get(edit).content.decode()
    item = reverse("moderation:item", args=[update.dossier_id])
    page = signed_in(moderator).get(item)
    assert "On Sunday." in page.content.decode()
    assert "A photo of planks" in page.content.decode()
    seen = page.context["form"].initial["seen"]
    signed_in(moderator).post(item, {"decision": "accept_revision", "seen": seen})
    shown = Client().get(idea.get_absolute_url()).content.decode()
    assert "On Sunday." in shown
    assert "A photo of planks" in shown
    assert Picture.objects.filter(dossier=update.dossier).shown().count() == 2


def test_its_writer_takes_it_away_and_sends_it_in_again(idea: Initiative):
    update = scenes.update(idea, "On Saturday.")
    browser = signed_in(idea.author)
    other = signed_in(scenes.person())
    away = news_url(idea, "take_update_away", update.pk)
    assert other.post(away).status_code == 404
    assert browser.post(away).status_code == 302
    assert b"On Saturday." not in Client().get(news_url(idea)).content
    browser.post(update.get_edit_url(), TOLD)
    update.refresh_from_db()
    # It may be another text by now: somebody reads it first.
    assert update.status == Status.SUBMITTED


def test_news_in_an_organisations_name_does_not_say_who_wrote_it():
    scenes.moderator()
    author = scenes.trusted(scenes.person("Zqwriter"))
    body = Organisation.objects.create(name="The Shops", kind="shop_street")
    grant = OrganisationGrant.objects.create(
        user=author, organisation=body, granted_by=scenes.granted(Role.PROGRAMME_OFFICE)
    )
    idea = scenes.initiative("A market", author=author, on_behalf_of=body)
    scenes.update(idea, "Every Friday.")
    for address in (idea.get_absolute_url(), news_url(idea)):
        page = Client().get(address).content.decode()
        assert "Every Friday." in page
        assert "The Shops" in page
        assert "Zqwriter" not in page
    OrganisationGrant.objects.filter(pk=grant.pk).delete()
    assert signed_in(author).get(news_url(idea, "write_news")).status_code == 404


def test_news_of_somebody_under_16_is_read_first_and_stands_under_the_made_up_name():
    scenes.moderator()
    young = scenes.person("Zqyoung", age_band="12-15")
    idea = scenes.initiative("A goal", author=young)
    signed_in(young).post(news_url(idea, "write_news"), TOLD)
    update = Update.objects.get()
    assert update.status == Status.SUBMITTED
    scenes.bring(update, Status.PUBLISHED)
    page = Client().get(news_url(idea)).content.decode()
    assert "Saturday" in page
    assert young.public_name in page
    assert "Zqyoung" not in page


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001, "\u202e\u200b"])
def test_news_without_words_or_with_too_many_is_asked_again(idea: Initiative, text: str):
    response = signed_in(idea.author).post(news_url(idea, "write_news"), {"text": text})
    assert response.status_code in (302, 422)
    assert Update.objects.count() == (response.status_code == 302)
