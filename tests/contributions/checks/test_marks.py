"""What follows from the checks: marks, who reads first, and what is said to whom."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts import holdings
from accounts.models import User
from contributions import actions
from contributions.checks import all_checks
from contributions.kinds import all_kinds
from contributions.models import Dossier, Mark, Status, WordList
from ideas.actions import change_comment
from ideas.models import Comment, Initiative
from tests import scenes

pytestmark = pytest.mark.django_db

PHONE = "Bel mij op 06-12345678 voor een bankje."
CRY = "Mijn man slaat mij en ik weet niet waar ik heen moet."
POLISH = "Brakuje miejsca do siedzenia na placu. Chcę zbudować ławkę razem z moimi sąsiadami."


@pytest.fixture(autouse=True)
def somebody_reads() -> User:
    WordList.objects.create(language="nl", purpose="help", words="mijn man slaat")
    WordList.objects.create(language="nl", purpose="rude", words="sufferd")
    return scenes.moderator()


def handed_in(text: str, **fields: object) -> Initiative:
    """Return an idea of somebody whose texts stand on the site at once, unless a check says no."""
    author = scenes.trusted(scenes.person())
    return actions.submit(contribution=scenes.draft(author=author, text=text, **fields), by=author)


def marks(of: object) -> list[tuple[str, str]]:
    found = Mark.objects.filter(dossier=of.dossier_id)  # type: ignore[attr-defined]
    return list(found.values_list("check_name", "found"))


def dossier_of(text: object) -> Dossier:
    return Dossier.objects.get(pk=text.dossier_id)  # type: ignore[attr-defined]


class TestHandingIn:
    @pytest.mark.parametrize(
        ("text", "mark", "reason"),
        [
            (PHONE, ("telephone", "06-12345678"), "personal_data"),
            ("Mail jan@voorbeeld.nl", ("email", "jan@voorbeeld.nl"), "personal_data"),
            ("NL91ABNA0417164300", ("iban", "NL91ABNA0417164300"), "personal_data"),
            ("Mijn bsn is 111222333", ("bsn", "•••••••••"), "personal_data"),
            ("Kom naar Hoefkade 123a", ("address", "Hoefkade 123a"), "personal_data"),
            ("Kijk op voorbeeld.nl", ("link", "voorbeeld.nl"), "link"),
            (POLISH, ("language", "pl"), "other_language"),
            (CRY, ("help", "Mijn man slaat"), "help"),
        ],
    )
    def test_what_may_harm_somebody_is_read_before_others_see_it(
        self, text: str, mark: tuple[str, str], reason: str
    ):
        idea = handed_in(text)
        assert idea.status == Status.SUBMITTED
        assert marks(idea) == [mark]
        assert dossier_of(idea).review_reasons == [reason]

    @pytest.mark.parametrize(
        ("text", "mark"),
        [
            ("Jij SUFFERD", ("rude", "SUFFERD")),
            (
                "WAAROM DOET NIEMAND IETS",
                ("shouting", "WAAROM DOET NIEMAND IETS"),
            ),
        ],
    )
    def test_how_somebody_says_it_is_marked_and_stands_at_once(
        self, text: str, mark: tuple[str, str]
    ):
        idea = handed_in(text)
        assert (idea.status, dossier_of(idea).review) == (Status.PUBLISHED, "after")
        assert marks(idea) == [mark]

    def test_nothing_found_leaves_no_mark(self):
        idea = handed_in("Er is geen plek om te zitten.")
        assert (idea.status, marks(idea)) == (Status.PUBLISHED, [])

    def test_the_street_of_an_idea_is_no_secret_but_a_number_to_call_in_its_place_is(self):
        assert marks(handed_in("Een bank.", address_line="Hoefkade 12")) == []
        assert marks(handed_in("Een bank.", address_line="bel 06-12345678")) == [
            ("telephone", "06-12345678")
        ]

    def test_what_people_say_of_a_picture_is_looked_over_too(self):
        author = scenes.trusted(scenes.person())
        update = scenes.update(
            scenes.initiative(author=author), "We zijn er.", picture=True, status=Status.DRAFT
        )
        update.dossier.pictures.update(description="Bel 06-12345678")
        actions.submit(contribution=update, by=author)
        assert marks(update) == [("telephone", "06-12345678")]

    def test_no_digit_of_a_citizen_service_number_is_kept_in_any_mark(self):
        idea = handed_in("Mijn bsn is 111222333, zie https://voorbeeld.nl/?b=111222333")
        assert {name for name, _found in marks(idea)} == {"bsn", "link"}
        assert not any("111222333" in found for _name, found in marks(idea))

    def test_the_marks_stand_in_the_order_of_the_checks(self):
        idea = handed_in("Sufferd! www.voorbeeld.nl, jan@voorbeeld.nl, 06-12345678")
        names = [name for name, _found in marks(idea)]
        assert names == ["telephone", "email", "link", "rude"]

    def test_every_kind_that_is_reviewed_is_looked_over_in_all_its_words(self):
        held = {holding.model: set(holding.words) for holding in holdings.all_holdings()}
        left_out = {"slug", "latitude", "longitude", "recipient_name", "recipient_email"}
        for kind in all_kinds():
            names = {field.name for field in kind.free_fields}
            expected = held[kind.model] - left_out - {"shows_name"} if kind.reviewed else set()
            assert names == expected, kind.name

    def test_a_remark_beside_a_figure_is_looked_over(self):
        remark = scenes.remark(PHONE, status=Status.SUBMITTED)
        assert marks(remark) == [("telephone", "06-12345678")]


class TestACryForHelp:
    def test_it_is_read_before_what_waits_longer(self):
        earlier = scenes.initiative(status=Status.SUBMITTED)
        idea = handed_in(CRY)
        first, second = Dossier.objects.waiting().filter(review="before")
        assert (first.pk, second.pk) == (idea.dossier_id, earlier.dossier_id)
        assert first.is_urgent
        assert not second.is_urgent

    def test_it_is_heard_in_every_language_whatever_was_chosen(self):
        assert dossier_of(handed_in(CRY, language="pl")).is_urgent

    def test_taking_the_words_back_leaves_it_first(self):
        idea = handed_in(CRY)
        author = idea.author
        assert author is not None
        with actions.editing(idea, by=author) as draft:
            draft.text = "Er is geen plek om te zitten."
        dossier = dossier_of(idea)
        assert (dossier.is_urgent, dossier.review_reasons) == (True, ["help"])
        assert marks(idea) == []

    def test_a_decision_ends_it(self, somebody_reads: User):
        idea = handed_in(CRY)
        actions.publish(dossier=dossier_of(idea), by=somebody_reads)
        assert not dossier_of(idea).is_urgent

    def test_in_a_change_it_is_read_first_too(self):
        idea = handed_in("Er is geen plek om te zitten.")
        assert idea.author is not None
        data = {**idea.fields_of_revision(), "text": CRY}
        actions.propose_revision(contribution=idea, by=idea.author, data=data)
        assert dossier_of(idea).is_urgent


class TestChanging:
    def test_a_text_that_waits_is_looked_over_again(self):
        comment = scenes.comment(scenes.initiative(), PHONE, status=Status.SUBMITTED)
        assert comment.author is not None
        assert dossier_of(comment).review_reasons == ["new_account", "personal_data"]
        values = {"text": "Zie www.voorbeeld.nl", "language": "nl"}
        change_comment(comment=comment, by=comment.author, draft_key="", values=values)
        assert marks(comment) == [("link", "www.voorbeeld.nl")]
        assert dossier_of(comment).review_reasons == ["new_account", "link"]

    def test_a_change_has_marks_of_its_own_until_it_is_the_text(self, somebody_reads: User):
        comment = scenes.comment(scenes.initiative(), PHONE)
        assert comment.author is not None
        for word in ("een", "twee"):
            values = {"text": f"Zie www.{word}.nl", "language": "nl", "stance": ""}
            change_comment(comment=comment, by=comment.author, draft_key="", values=values)
        assert sorted(marks(comment)) == [("link", "www.twee.nl"), ("telephone", "06-12345678")]
        actions.accept_revision(dossier=dossier_of(comment), by=somebody_reads)
        assert marks(comment) == [("link", "www.twee.nl")]
        assert Mark.objects.get().revision is None

    def test_what_its_author_takes_away_has_no_marks(self):
        idea = handed_in(PHONE)
        assert idea.author is not None
        actions.withdraw(contribution=idea, by=idea.author)
        assert marks(idea) == []


class TestLists:
    def test_a_change_of_a_list_holds_from_the_next_text_on(self):
        assert marks(handed_in("Wat een oliebol")) == []
        WordList.objects.filter(purpose="rude").update(words="oliebol")
        assert marks(handed_in("Wat een oliebol")) == [("rude", "oliebol")]

    def test_rude_words_are_those_of_the_language_of_the_text(self):
        assert marks(handed_in("Jij sufferd", language="pl")) == []

    def test_the_programme_office_edits_a_list_and_its_name_stands_with_it(self, client: Client):
        office = scenes.granted("programme_office", user=scenes.person(password="x"))
        row = WordList.objects.get(purpose="rude")
        client.force_login(office)
        address = reverse("admin:contributions_wordlist_change", args=[row.pk])
        told = {"words": "  Oliebol \n\noliebol\nOliebol\nsuffe   rd", "language": "nl"}
        response = client.post(address, told)
        row.refresh_from_db()
        assert response.status_code == 302
        assert row.words == "Oliebol\noliebol\nsuffe rd"
        assert row.changed_by == office

    def test_others_do_not(self, client: Client):
        client.force_login(scenes.moderator())
        address = reverse("admin:contributions_wordlist_changelist")
        assert client.get(address).status_code != 200


class TestTheAuthor:
    @translation.override("en")
    def test_sees_before_placing_an_idea_what_may_delay_it(self, client: Client):
        author = scenes.trusted(scenes.person())
        draft = scenes.draft(author=author, text=PHONE)
        client.force_login(author)
        page = client.get(reverse("ideas:draft_check", args=[draft.pk])).content.decode()
        assert "This looks like a telephone number" in page
        assert "06-12345678" in page
        assert "by which others can find somebody" in page
        client.post(reverse("ideas:draft_check", args=[draft.pk]))
        draft.refresh_from_db()
        assert draft.status == Status.SUBMITTED

    @translation.override("en")
    def test_is_asked_once_more_before_a_comment_goes_in_and_loses_nothing(self, client: Client):
        author, idea = scenes.trusted(scenes.person()), scenes.initiative()
        client.force_login(author)
        address = reverse("ideas:comments", args=[idea.pk, idea.slug])
        asked = client.post(address, {"text": PHONE, "language": "nl"}, follow=True)
        comment = Comment.objects.get()
        page = asked.content.decode()
        assert comment.status == Status.DRAFT
        assert "This looks like a telephone number" in page
        assert PHONE in page
        client.post(
            comment.get_edit_url(), {"text": PHONE, "language": "nl", "looked_over": "telephone"}
        )
        comment.refresh_from_db()
        assert comment.status == Status.SUBMITTED

    def test_who_took_it_out_is_not_asked_again(self, client: Client):
        author, idea = scenes.trusted(scenes.person()), scenes.initiative()
        client.force_login(author)
        client.post(reverse("ideas:comments", args=[idea.pk, idea.slug]), {"text": PHONE})
        comment = Comment.objects.get()
        client.post(comment.get_edit_url(), {"text": "Goed idee!", "language": "nl"})
        comment.refresh_from_db()
        assert (comment.status, marks(comment)) == (Status.PUBLISHED, [])

    def test_of_a_cry_for_help_sees_at_once_where_help_is(self, client: Client):
        author, idea = scenes.trusted(scenes.person()), scenes.initiative()
        client.force_login(author)
        address = reverse("ideas:comments", args=[idea.pk, idea.slug])
        response = client.post(address, {"text": CRY, "language": "nl"}, follow=True)
        page = response.content.decode()
        assert response.redirect_chain[-1][0].endswith("/hulp/")
        for number in ("112", "113", "0800-2000", "14070", "0800-5151"):
            assert number in page

    def test_alone_sees_that_page(self, client: Client):
        idea = handed_in(CRY)
        address = reverse("contributions:where_help_is", args=[idea.dossier_id])
        for other in (scenes.person(), scenes.moderator()):
            client.force_login(other)
            assert client.get(address).status_code == 404
        client.force_login(idea.author)
        assert client.get(address).status_code == 200


class TestTheModerator:
    @translation.override("en")
    def test_reads_what_was_found_beside_the_text_and_what_is_read_first(
        self, client: Client, somebody_reads: User
    ):
        idea = handed_in(f"{CRY} {PHONE}")
        client.force_login(somebody_reads)
        assert "Read first" in client.get(reverse("moderation:queue")).content.decode()
        page = client.get(reverse("moderation:item", args=[idea.dossier_id])).content.decode()
        assert "What the checks found" in page
        assert "06-12345678" in page
        assert "It may be a cry for help." in page


def test_everybody_can_be_told_which_checks_exist():
    told = all_checks()
    assert [check.name for check in told] == [
        name for name in Mark.Check.values if name != Mark.Check.BRIGADING
    ]
    assert all(str(check.label) and str(check.sentence).endswith(".") for check in told)
