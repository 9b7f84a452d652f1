"""Writing in the name of an organisation: by who may, shown as such, with the writer on record."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import organisations
from accounts.models import Organisation, Role, User
from contributions import actions as review
from contributions.actions import NotPossibleNow
from contributions.models import Dossier, Revision, Status
from ideas import actions
from ideas.listing import newest_of
from ideas.models import Initiative
from tests import scenes
from tests.ideas.test_editing import address, change
from tests.ideas.test_posting import WHO, step, where
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]


class Rights:
    """Who may write in whose name, until it is taken back."""

    def __init__(self) -> None:
        self.held: set[tuple[int, int]] = set()

    def give(self, person: User, organisation: Organisation) -> None:
        self.held.add((person.pk, organisation.pk))

    def end(self, person: User, organisation: Organisation) -> None:
        self.held.discard((person.pk, organisation.pk))

    def source(self, person: User, now: datetime.datetime) -> list[Organisation]:
        pks = [organisation for who, organisation in self.held if who == person.pk]
        return list(Organisation.objects.filter(pk__in=pks))


@pytest.fixture(autouse=True)
def rights(monkeypatch: pytest.MonkeyPatch) -> Rights:
    made = Rights()
    monkeypatch.setattr(organisations, "_sources", {"here": made.source})
    return made


@pytest.fixture
def shops() -> Organisation:
    return Organisation.objects.create(name="Shops of the Lane", kind="shop_street")


@pytest.fixture
def writer(rights: Rights, shops: Organisation) -> User:
    person = scenes.person("Wendela")
    rights.give(person, shops)
    return person


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def in_name(organisation: Organisation, writer: User, **fields: Any) -> Initiative:
    return scenes.initiative(
        fields.pop("title", "Lights in the lane"),
        author=writer,
        on_behalf_of=organisation,
        **fields,
    )


def name_of(draft: Initiative) -> Organisation | None:
    return Initiative.objects.get(pk=draft.pk).on_behalf_of


# --- Choosing a name ---


def test_who_may_write_for_nobody_else_is_not_asked_in_whose_name(client: Client):
    draft = scenes.draft(author=scenes.person())
    client.force_login(draft.author)

    assert "In whose name?" not in words(client.get(step(draft, "who")))
    # A visitor's draft neither.
    assert client.post("/en/initiatieven/nieuw/", {"title": "A", "text": "B"}).status_code == 302


def test_who_may_write_for_an_organisation_chooses_it_and_sees_it_at_the_last_look(
    writer: User, shops: Organisation
):
    browser, draft = signed_in(writer), scenes.draft(author=writer)
    page = browser.get(step(draft, "who"))
    assert "In whose name?" in words(page)
    assert page.context["name_form"]["on_behalf_of"].value() == ""

    browser.post(step(draft, "who"), {**WHO, "on_behalf_of": shops.pk})

    look = words(browser.get(step(draft, "check")))
    assert "Shops of the Lane Shop street" in look
    assert "Wendela" not in look
    assert "Fatima" not in look
    assert browser.get(step(draft, "who")).context["name_form"]["on_behalf_of"].value() == str(
        shops.pk
    )
    browser.post(step(draft, "check"))
    placed = Initiative.objects.get()
    assert (placed.status, placed.on_behalf_of, placed.author) == (
        Status.SUBMITTED,
        shops,
        writer,
    )


def test_their_own_name_is_a_choice_that_can_be_taken_again(writer: User, shops: Organisation):
    browser = signed_in(writer)
    draft = scenes.draft(author=writer, on_behalf_of=shops)

    browser.post(step(draft, "who"), {**WHO, "on_behalf_of": ""})

    assert name_of(draft) is None
    assert "Fatima" in words(browser.get(step(draft, "check")))


def test_the_name_is_kept_while_somebody_still_writes(writer: User, shops: Organisation):
    draft = scenes.draft(author=writer)
    kept = signed_in(writer).post(
        step(draft, "who"), {"on_behalf_of": shops.pk}, headers={"X-Autosave": "1"}
    )
    assert (kept.status_code, name_of(draft)) == (204, shops)


@pytest.mark.parametrize("forged", ["{other}", "0", "-1", "9" * 40, "x", "\x00"])
def test_a_name_that_was_not_offered_is_refused_and_the_rest_is_kept(
    writer: User, shops: Organisation, forged: str
):
    other = Organisation.objects.create(name="Another", kind="organisation")
    draft = scenes.draft(author=writer)

    page = signed_in(writer).post(
        step(draft, "who"),
        {**WHO, "on_behalf_of": forged.format(other=other.pk), "help_wanted": "A ladder"},
    )

    assert page.status_code == 422
    assert "You can't write in this name." in words(page)
    draft.refresh_from_db()
    assert (draft.on_behalf_of, draft.help_wanted) == (None, "A ladder")


def test_who_may_write_for_nobody_sets_no_name_whatever_is_sent(shops: Organisation):
    person = scenes.person()
    draft = scenes.draft(author=person)
    browser = signed_in(person)

    for name in ("what", "where", "who"):
        sent = {**WHO, **where(), "title": "A", "text": "B", "on_behalf_of": shops.pk}
        assert browser.post(step(draft, name), sent).status_code == 302
    assert name_of(draft) is None
    with pytest.raises(actions.NotInThisName):
        actions.write(initiative=draft, by=person, draft_key="", values={"on_behalf_of": shops})
    published = scenes.initiative(author=person)
    browser.post(address(published), change(published, on_behalf_of=shops.pk))
    assert "on_behalf_of" not in Revision.objects.get().data


def test_a_name_is_chosen_in_a_draft_and_stays(writer: User, shops: Organisation):
    for values in ({"on_behalf_of": None}, {"on_behalf_of": shops}):
        placed = in_name(shops, writer, status=Status.SUBMITTED)
        with pytest.raises(NotPossibleNow):
            actions.write(initiative=placed, by=writer, draft_key="", values=values)


def test_the_database_keeps_a_writer_with_every_name(shops: Organisation):
    held = scenes.draft(draft_key="k" * 43)
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=held.pk).update(on_behalf_of=shops)


# --- A right that ends ---


def test_a_right_that_ended_before_the_last_step_asks_for_another_name(
    rights: Rights, writer: User, shops: Organisation
):
    browser = signed_in(writer)
    draft = scenes.draft(author=writer, on_behalf_of=shops)
    rights.end(writer, shops)

    # The words are still theirs to write.
    kept = browser.post(step(draft, "what"), {"title": "Stars in the lane", "text": "All of them."})
    assert kept.status_code == 302
    page = browser.post(step(draft, "check"), follow=True)

    draft.refresh_from_db()
    assert (draft.status, draft.title) == (Status.DRAFT, "Stars in the lane")
    assert "You can't write in the name of Shops of the Lane any more." in words(page)
    assert page.context["name_form"]["on_behalf_of"].value() == ""
    again = browser.post(step(draft, "who"), {**WHO, "on_behalf_of": shops.pk})
    assert again.status_code == 422

    browser.post(step(draft, "who"), {**WHO, "on_behalf_of": ""})
    browser.post(step(draft, "check"))
    placed = Initiative.objects.get()
    assert (placed.status, placed.on_behalf_of) == (Status.SUBMITTED, None)


def test_a_right_that_ends_between_page_and_action_is_refused_by_the_action(
    rights: Rights, writer: User, shops: Organisation
):
    draft = scenes.draft(author=writer, on_behalf_of=shops)
    rights.end(writer, shops)
    with pytest.raises(actions.NotInThisName):
        actions.hand_in(initiative=draft, by=writer)
    assert Initiative.objects.get().status == Status.DRAFT


def test_the_right_is_asked_for_the_moment_of_the_act(
    monkeypatch: pytest.MonkeyPatch, shops: Organisation
):
    writer, now = scenes.person(), timezone.now()
    over = now - datetime.timedelta(days=1)
    monkeypatch.setattr(
        organisations, "_sources", {"here": lambda _who, when: [shops] if when < over else []}
    )
    draft = scenes.draft(author=writer)
    actions.write(
        initiative=draft,
        by=writer,
        draft_key="",
        values={"on_behalf_of": shops},
        now=over - datetime.timedelta(hours=1),
    )
    with pytest.raises(actions.NotInThisName):
        actions.hand_in(initiative=draft, by=writer, now=now)


@pytest.mark.parametrize(
    "status", [Status.PUBLISHED, Status.SUBMITTED, Status.RETURNED, Status.WITHDRAWN]
)
def test_what_stands_in_a_name_is_changed_only_while_its_writer_may_write_in_it(
    rights: Rights, writer: User, shops: Organisation, status: str
):
    browser = signed_in(writer)
    placed = in_name(shops, writer, status=status)
    assert browser.get(address(placed)).status_code == 200
    rights.end(writer, shops)

    before = Initiative.objects.filter(pk=placed.pk).values().get(), Revision.objects.count()
    page = browser.post(address(placed), change(placed, title="Buy my watches"))

    assert page.status_code == 422
    assert "You can't write in the name of this organisation any more." in words(page)
    assert 'value="Buy my watches"' in page.content.decode()
    after = Initiative.objects.filter(pk=placed.pk).values().get(), Revision.objects.count()
    assert after == before
    rights.give(writer, shops)
    assert browser.post(address(placed), change(placed, title="Stars")).status_code == 302


def test_what_stands_in_a_name_stays_on_the_site_when_its_writer_left(
    rights: Rights, writer: User, shops: Organisation
):
    browser = signed_in(writer)
    placed = in_name(shops, writer)
    rights.end(writer, shops)

    page = words(browser.get(placed.get_absolute_url()))
    assert "You can't write in this name any more" in page
    assert "Change my idea" not in page
    assert "Take it off the site" not in page
    for name in ("edit", "take_away"):
        assert browser.get(address(placed, name))["Location"] == placed.get_absolute_url()
    refused = browser.post(address(placed, "take_away"), follow=True)
    assert "You can't write in the name of this organisation any more." in words(refused)
    placed.refresh_from_db()
    assert (placed.status, placed.on_behalf_of) == (Status.PUBLISHED, shops)


def test_another_writer_of_the_organisation_cannot_change_it(
    rights: Rights, writer: User, shops: Organisation
):
    placed = in_name(shops, writer)
    colleague = scenes.person()
    rights.give(colleague, shops)
    for name in ("edit", "take_away"):
        assert signed_in(colleague).get(address(placed, name)).status_code == 404


def test_a_change_keeps_the_name(writer: User, shops: Organisation):
    placed = in_name(shops, writer)
    signed_in(writer).post(address(placed), change(placed, title="Stars"))

    review.accept_revision(dossier=Dossier.objects.get(pk=placed.dossier_id), by=scenes.moderator())

    placed.refresh_from_db()
    assert (placed.title, placed.on_behalf_of) == ("Stars", shops)


# --- Shown as such ---


def test_everybody_sees_the_name_and_what_it_is_and_nobody_who_wrote_it(
    writer: User, shops: Organisation
):
    placed = in_name(shops, writer)
    for reader in (Client(), signed_in(scenes.person())):
        page = reader.get(placed.get_absolute_url())
        assert "Shops of the Lane Shop street" in words(page)
        assert "Shops of the Lane" in words(reader.get(reverse("ideas:list")))
        for shown in (
            page,
            reader.get(reverse("ideas:list")),
            reader.get(reverse("home")),
            reader.get(reverse("area", args=[placed.area.slug])),
        ):
            assert "Wendela" not in shown.content.decode()


def test_a_business_of_the_writer_is_not_shown_either(rights: Rights, shops: Organisation):
    baker = scenes.person("Bep", kind=User.Kind.ENTREPRENEUR, business_name="Bakery Bep")
    rights.give(baker, shops)
    page = words(Client().get(in_name(shops, baker).get_absolute_url()))
    assert "Bep" not in page
    assert "Entrepreneur" not in page


@pytest.mark.parametrize(
    "reader",
    [lambda: scenes.moderator(), lambda: scenes.granted(Role.PROGRAMME_OFFICE)],
    ids=["moderator", "programme office"],
)
def test_staff_of_the_place_see_who_wrote_it(
    writer: User, shops: Organisation, reader: Callable[[], User]
):
    placed = in_name(shops, writer)
    page = words(signed_in(reader()).get(placed.get_absolute_url()))
    assert "Written by Wendela" in page


def test_staff_of_another_place_or_language_do_not_see_who_wrote_it(
    writer: User, shops: Organisation
):
    placed = in_name(shops, writer)
    elsewhere = scenes.area("elders")
    for reader in (
        scenes.moderator(area=elsewhere),
        scenes.moderator(language="pl"),
        scenes.granted(Role.PROGRAMME_OFFICE, area=elsewhere),
        scenes.granted(Role.ADMINISTRATOR),
    ):
        assert "Wendela" not in words(signed_in(reader).get(placed.get_absolute_url()))


def test_a_moderator_reads_the_name_and_who_wrote_in_it(writer: User, shops: Organisation):
    placed = in_name(shops, writer, status=Status.SUBMITTED)
    page = signed_in(scenes.moderator()).get(reverse("moderation:item", args=[placed.dossier_id]))
    assert "Name on screen Shops of the Lane (Shop street) Written by Wendela" in words(page)


def test_comments_of_the_writer_stand_in_their_own_name(writer: User, shops: Organisation):
    placed = in_name(shops, writer)
    scenes.comment(placed, "I could help on Saturday", author=writer)
    assert "Wendela" in words(Client().get(placed.get_absolute_url()))


def test_the_writer_finds_it_on_their_own_page_with_its_name(writer: User, shops: Organisation):
    placed = in_name(shops, writer)
    browser = signed_in(writer)
    assert "In the name of Shops of the Lane" in words(browser.get(reverse("account_home")))
    assert "You wrote it in the name of Shops of the Lane" in words(
        browser.get(placed.get_absolute_url())
    )


def test_a_young_writer_keeps_the_rules_of_the_young(rights: Rights, shops: Organisation):
    young = scenes.trusted(scenes.person("Yara", age_band="12-15"))
    rights.give(young, shops)
    placed = in_name(shops, young, status=Status.SUBMITTED, address_line="Lane 3")
    assert (placed.address_line, placed.shows_place) == ("", False)
    assert "under_16" in Dossier.objects.get(pk=placed.dossier_id).review_reasons


def test_a_new_name_of_the_organisation_stands_everywhere_at_once(
    writer: User, shops: Organisation
):
    placed = in_name(shops, writer)
    pages = (placed.get_absolute_url(), reverse("ideas:list"), reverse("home"))
    for page in pages:
        assert "Shops of the Lane" in words(Client().get(page))

    office = signed_in(scenes.granted(Role.PROGRAMME_OFFICE))
    office.post(
        reverse("admin:accounts_organisation_change", args=[shops.pk]),
        {"name": "Lane and Square", "kind": "organisation"},
    )

    for page in pages:
        shown = words(Client().get(page))
        assert "Lane and Square" in shown
        assert "Shops of the Lane" not in shown


# --- Lists and what they cost ---


def test_an_organisation_has_its_newest_published_initiatives(writer: User, shops: Organisation):
    now = timezone.now()
    days = [datetime.timedelta(days=number) for number in (3, 1, 2)]
    first, second, third = (
        in_name(shops, writer, title=f"Idea {day.days}", status=Status.SUBMITTED, now=now - day)
        for day in days
    )
    for placed, day in zip((first, second, third), days, strict=True):
        scenes.bring(placed, Status.PUBLISHED, now=now - day)
    in_name(shops, writer, status=Status.HIDDEN)
    in_name(shops, writer, status=Status.DRAFT)
    scenes.initiative(author=writer)

    assert newest_of(shops, count=2) == [second, third]
    assert newest_of(shops, count=5) == [second, third, first]


def test_names_cost_no_queries_of_their_own(rights: Rights, writer: User):
    def add(number: int) -> Initiative:
        body = Organisation.objects.create(name=f"Body {number}", kind="organisation")
        rights.give(writer, body)
        return in_name(body, writer, title=f"Idea {number}")

    def cost(page: str, browser: Client) -> int:
        browser.get(page)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(page).status_code == 200
        return len(captured)

    own = scenes.initiative(author=writer)
    placed = add(0)
    pages = [(reverse("ideas:list"), Client()), (reverse("account_home"), signed_in(writer))]
    before = [cost(page, browser) for page, browser in pages]
    for number in range(1, 6):
        add(number)
    assert [cost(page, browser) for page, browser in pages] == before
    for reader in (scenes.person(), scenes.moderator(), scenes.granted(Role.PROGRAMME_OFFICE)):
        browser = signed_in(reader)
        # One: whether its writer may still write in that name, and so be offered help.
        assert cost(placed.get_absolute_url(), browser) <= 1 + cost(own.get_absolute_url(), browser)
