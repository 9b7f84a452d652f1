"""The hint beside texts of staff: told while they write, with a reason for what stays hard."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Role, User
from accounts.permissions import admin_rights
from accounts.records import AppendOnly
from contributions.actions import HardWithoutReason
from contributions.loading import load_policy_words
from contributions.models import HardText, PolicyWord
from feedback import actions as feedback_actions
from feedback.models import Response
from ideas import actions
from ideas.models import (
    Department,
    Initiative,
    Milestone,
    OfficeAct,
    OfficialAnswer,
    ProgressReport,
)
from tests import scenes
from tests.contributions.test_plain import EASY, HARD
from tests.pages import words
from tests.races import CALLERS, at_once

pytestmark = [pytest.mark.django_db, pytest.mark.either]

WHY = "These are the words of the law."
ASKS = "Why must it be hard to read?"
REFUSED = "This is hard to read. Make it plainer, or say why it must be so."
HINT = "/en/bericht/leesbaarheid/"
SAY = "/en/wijk/testwijk/rondkomen/antwoord/"


@pytest.fixture
def office() -> User:
    return scenes.granted(Role.PROGRAMME_OFFICE)


@pytest.fixture
def browser(office: User) -> Client:
    made = Client()
    made.force_login(office)
    return made


@pytest.fixture
def initiative() -> Initiative:
    return scenes.initiative()


def in_english(name: str, *arguments: object) -> str:
    """Return the address of a page in the language that these tests read."""
    with translation.override("en"):
        return reverse(name, args=arguments)


def url(initiative: Initiative, name: str, *more: int) -> str:
    return in_english(f"ideas:{name}", initiative.pk, initiative.address_slug, *more)


def answered(initiative: Initiative, office: User, text: str = "We do this.") -> OfficialAnswer:
    return actions.answer(
        initiative=initiative, by=office, outcome="adopted", text=text, language="en"
    )


def answer_of(text: str, language: str = "nl", **more: str) -> dict[str, str]:
    return {"outcome": "adopted", "text": text, "language": language, **more}


class TestTheHint:
    def ask(self, browser: Client, text: str, language: str = "nl", **more: Any) -> str:
        told = {"staff_text": "text", "text": text, "language": language, **more}
        response = browser.post(HINT, told)
        assert response.status_code == 200
        return response.content.decode()

    @pytest.mark.parametrize("language", ["nl", "en", "pl", "bg", "ro"])
    def test_it_tells_in_words_how_easy_a_text_is_and_asks_why_where_it_is_not(
        self, browser: Client, language: str
    ):
        easy, hard = (self.ask(browser, text[language], language) for text in (EASY, HARD))

        assert "Easy to read." in easy
        assert ASKS not in easy
        assert "Very hard to read." in hard
        assert ASKS in hard
        assert ("Score:" in hard) is (language == "nl")
        assert f'<li lang="{language}" dir="auto">{HARD[language][:40]}' in hard

    def test_the_language_is_recognised_where_nobody_chose_one(self, browser: Client):
        assert '<li lang="nl"' in self.ask(browser, HARD["nl"], "")
        assert '<li lang="nl"' in self.ask(browser, HARD["nl"], "klingon")

    def test_words_of_policy_come_as_staff_keep_them_at_that_moment(self, browser: Client):
        assert "Conform" not in self.ask(browser, "Conform de regels.")
        row = PolicyWord.objects.create(language="nl", word="conform", instead="volgens")
        assert "Conform → volgens" in self.ask(browser, "Conform de regels.")
        assert "volgens" not in self.ask(browser, "Conform the rules.", "en")
        PolicyWord.objects.filter(pk=row.pk).update(instead="zoals in")
        assert "Conform → zoals in" in self.ask(browser, "Conform de regels.")

    def test_several_texts_of_a_form_are_told_as_one(self, browser: Client):
        told = {"staff_text": ["heard", "doing"], "heard": HARD["nl"], "doing": HARD["en"]}
        page = browser.post(HINT, {**told, "language": "nl"}).content.decode()
        assert "participatieverordening" in page
        assert "In accordance with" in page

    def test_it_is_said_aloud_only_when_it_became_another(self, browser: Client):
        assert "hx-swap-oob" in self.ask(browser, HARD["nl"], said="easy")
        assert "hx-swap-oob" not in self.ask(browser, HARD["nl"], said="very_hard")

    def test_a_reason_is_kept_while_the_text_is_easy_for_a_moment(self, browser: Client):
        hidden = f'<input type="hidden" name="why_hard" value="{WHY}">'
        assert hidden in self.ask(browser, EASY["nl"], why_hard=WHY)
        hard = self.ask(browser, HARD["nl"], why_hard=WHY)
        assert hidden not in hard
        assert f"{WHY}</textarea>" in hard

    def test_what_is_typed_stays_text(self, browser: Client):
        page = self.ask(browser, "<b>Participatieverordeningen</b> " + "x" * 200)
        assert "<b>" not in page

    @pytest.mark.parametrize("told", [{}, {"staff_text": "text"}, {"staff_text": ["a"] * 50}])
    def test_a_form_without_words_is_no_trouble(self, browser: Client, told: dict[str, Any]):
        response = browser.post(HINT, told)
        assert response.status_code == 200
        assert "Here you see how easy your text is to read." in words(response)

    def test_to_residents_and_moderators_it_does_not_exist(self):
        for person in (scenes.person(), scenes.moderator(), scenes.granted(Role.ADMINISTRATOR)):
            browser = Client()
            browser.force_login(person)
            assert browser.post(HINT, {"staff_text": "text", "text": "x"}).status_code == 404
        assert Client().post(HINT, {}).status_code == 302

    def test_it_takes_as_many_questions_to_the_database_for_any_text(
        self, browser: Client, django_assert_num_queries: Any
    ):
        load_policy_words()
        for text in ("Kort.", HARD["nl"] * 20):
            self.ask(browser, text)
            with django_assert_num_queries(4):
                self.ask(browser, text)


class TestAnswers:
    def test_a_hard_answer_asks_why_and_loses_nothing(
        self, browser: Client, initiative: Initiative
    ):
        page = browser.post(url(initiative, "answer"), answer_of(HARD["nl"]))

        assert page.status_code == 422
        assert REFUSED in words(page)
        assert ASKS in words(page)
        assert HARD["nl"] in page.content.decode()
        assert not OfficialAnswer.objects.exists()

    def test_with_a_reason_it_goes_through_and_the_reason_is_kept(
        self, browser: Client, office: User, initiative: Initiative
    ):
        told = answer_of(HARD["nl"], why_hard=WHY)
        assert browser.post(url(initiative, "answer"), told).status_code == 302

        kept = HardText.objects.get()
        assert (kept.act, kept.language, kept.reason) == ("ideas.answer", "nl", WHY)
        assert kept.dossier == OfficialAnswer.objects.get().dossier
        assert kept.written_by == office
        assert kept.score is not None
        assert kept.score < 45
        assert WHY not in words(Client().get(initiative.get_absolute_url()))

    def test_an_easy_answer_is_asked_nothing_and_keeps_nothing(
        self, browser: Client, initiative: Initiative
    ):
        told = answer_of(EASY["nl"], why_hard="A reason that came along.")
        assert browser.post(url(initiative, "answer"), told).status_code == 302
        assert not HardText.objects.exists()

    def test_looking_how_it_will_look_asks_why_too(self, browser: Client, initiative: Initiative):
        page = browser.post(url(initiative, "answer"), answer_of(HARD["nl"], look="1"))
        assert page.status_code == 422
        page = browser.post(
            url(initiative, "answer"), answer_of(HARD["nl"], look="1", why_hard=WHY)
        )
        assert page.status_code == 200
        assert WHY in page.content.decode()
        assert not HardText.objects.exists()

    def test_only_looking_at_the_words_needs_no_script_and_finds_no_fault(
        self, browser: Client, initiative: Initiative
    ):
        told = {"text": HARD["nl"], "language": "nl", "look_at_words": "1"}
        page = browser.post(url(initiative, "answer"), told)

        assert page.status_code == 200
        assert "Very hard to read." in words(page)
        assert HARD["nl"] in page.content.decode()
        assert "Please" not in words(page)
        assert not OfficialAnswer.objects.exists()

    def test_changing_one_begins_with_its_words_and_the_reason_given_before(
        self, browser: Client, initiative: Initiative
    ):
        browser.post(url(initiative, "answer"), answer_of(HARD["nl"], why_hard=WHY))

        page = browser.get(url(initiative, "change_answer"))

        assert "Very hard to read." in words(page)
        assert WHY in page.content.decode()

    def test_a_changed_answer_that_is_hard_asks_why(
        self, browser: Client, office: User, initiative: Initiative
    ):
        official = answered(initiative, office)
        told = answer_of(HARD["en"], "en", seen=actions.version_of_answer(official))
        assert browser.post(url(initiative, "change_answer"), told).status_code == 422

        told["why_hard"] = WHY
        assert browser.post(url(initiative, "change_answer"), told).status_code == 302
        assert HardText.objects.get().act == "ideas.change_answer"

    def test_a_reason_that_is_too_long_is_asked_again(
        self, browser: Client, initiative: Initiative
    ):
        page = browser.post(url(initiative, "answer"), answer_of(HARD["nl"], why_hard="x" * 501))
        assert page.status_code == 422
        assert "x" * 501 in page.content.decode()
        assert REFUSED not in words(page)


class TestOtherTexts:
    """Each place where staff write for everybody asks why, whatever page it comes from."""

    def test_a_report(self, browser: Client, office: User, initiative: Initiative):
        answered(initiative, office)
        told = {"text": HARD["nl"], "language": "nl"}
        assert browser.post(url(initiative, "report"), told).status_code == 422
        assert not ProgressReport.objects.exists()

        told["why_hard"] = WHY
        assert browser.post(url(initiative, "report"), told).status_code == 302
        assert HardText.objects.get().dossier == ProgressReport.objects.get().dossier

    def test_a_milestone_gets_hints_and_its_reason_is_asked_why(
        self, browser: Client, office: User, initiative: Initiative
    ):
        answered(initiative, office)
        page = browser.get(url(initiative, "plan_milestone"))
        assert "Here you see how easy your text is to read." in words(page)
        told = {"title": "Benches", "planned_date": "2031-05-01", "language": "en"}
        assert browser.post(url(initiative, "plan_milestone"), told).status_code == 302

        milestone = Milestone.objects.get()
        told = {
            "state": "planned",
            "planned_date": "2031-06-01",
            "reason": HARD["ro"],
            "language": "ro",
            "seen": str(milestone.version),
        }
        address = url(initiative, "milestone", milestone.pk)
        assert browser.post(address, told).status_code == 422
        milestone.refresh_from_db()
        assert milestone.planned_date.isoformat() == "2031-05-01"

        assert browser.post(address, {**told, "why_hard": WHY}).status_code == 302
        kept = HardText.objects.get()
        assert (kept.act, kept.score) == ("ideas.change_milestone", None)
        assert kept.dossier == initiative.dossier

    def test_a_response_is_read_as_one_text(self, browser: Client, office: User):
        scenes.measured(51.4)
        half = HARD["nl"].split()
        told = {
            "heard": " ".join(half[:15]),
            "doing": " ".join(half[15:]),
            "state": "done",
            "who": "The help desk",
            "language": "nl",
        }
        page = browser.post(SAY, told)
        assert page.status_code == 422
        assert REFUSED in words(page)
        assert not Response.objects.exists()

        assert browser.post(SAY, {**told, "why_hard": WHY}).status_code == 302
        assert HardText.objects.get().dossier == Response.objects.get().dossier

    def test_why_it_is_not_done_after_all(self, browser: Client, office: User):
        made = scenes.response(by=office)
        address = in_english("feedback:response", made.pk)
        told = {"state": "not", "not_doing": HARD[made.language]}
        assert browser.post(address, told).status_code == 422

        assert browser.post(address, {**told, "why_hard": WHY}).status_code == 302
        assert HardText.objects.get().act == "feedback.report_response"

    def test_who_comes_past_the_form_is_asked_too(self, office: User, initiative: Initiative):
        with pytest.raises(HardWithoutReason):
            answered(initiative, office, HARD["en"])
        assert not OfficialAnswer.objects.exists()
        answered(initiative, office)
        department = Department.objects.create(name="Parks", contact="parks@city.example")
        with pytest.raises(HardWithoutReason):
            actions.hand_over(
                initiative=initiative,
                by=office,
                department=department,
                text=HARD["en"],
                language="en",
            )
        assert not OfficeAct.objects.filter(kind=OfficeAct.Kind.HANDED_OVER).exists()
        made = scenes.response(by=office)
        with pytest.raises(HardWithoutReason):
            feedback_actions.report_response(
                response=made, by=office, state="not", not_doing=HARD[made.language]
            )

    def test_residents_are_never_bothered(self, initiative: Initiative):
        scenes.measured(51.4)
        browser = Client()
        person = scenes.person()
        browser.force_login(person)
        draft = scenes.draft(author=person)
        for address in (
            in_english("ideas:draft_what", draft.pk),
            url(initiative, "comments"),
            "/en/wijk/testwijk/rondkomen/vertel/",
        ):
            page = browser.get(address)
            assert page.status_code == 200, address
            shown = page.content.decode()
            assert "textarea" in shown, address
            for trace in ("plain-words", "why_hard", "leesbaarheid", "look_at_words"):
                assert trace not in shown, (address, trace)
        told = {"text": HARD["nl"], "language": "nl", "stance": "for"}
        assert browser.post(url(initiative, "comments"), told).status_code == 302
        assert not HardText.objects.exists()


class TestWhatIsKept:
    @pytest.fixture
    def kept(self, office: User, initiative: Initiative) -> HardText:
        actions.answer(
            initiative=initiative,
            by=office,
            outcome="adopted",
            text=HARD["en"],
            language="en",
            why_hard=WHY,
        )
        return HardText.objects.get()

    def test_it_is_never_changed(self, kept: HardText):
        kept.reason = "Another."
        with pytest.raises(AppendOnly):
            kept.save()
        with pytest.raises(AppendOnly):
            kept.delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            HardText._base_manager.filter(pk=kept.pk).update(reason="Another.")

    def test_office_and_administrators_read_it_and_change_nothing(self, kept: HardText):
        for role in (Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR):
            browser, person = Client(), scenes.granted(role)
            browser.force_login(person)
            assert "contributions.view_hardtext" in admin_rights(person)
            listed = browser.get(in_english("admin:contributions_hardtext_changelist"))
            assert WHY in words(listed)
            change = in_english("admin:contributions_hardtext_change", kept.pk)
            page = browser.get(change)
            assert page.status_code == 200
            assert OfficialAnswer.objects.get().get_absolute_url() in page.content.decode()
            assert browser.post(change, {"reason": "x"}).status_code == 403
        assert "hardtext" not in str(admin_rights(scenes.moderator()))

    def test_words_of_policy_are_the_offices_own(self, browser: Client):
        address = in_english("admin:contributions_policyword_add")
        told = {"language": "nl", "word": "  Conform ", "forms": "*\nconforme\n\nconforme"}
        browser.post(address, {**told, "instead": "volgens"})
        row = PolicyWord.objects.get()
        assert (row.word, row.forms) == ("conform", "conforme")

        again = browser.post(address, {**told, "word": "conform", "instead": "als"})
        assert again.status_code == 200
        broad = browser.post(address, {**told, "word": "ander", "forms": "de*", "instead": "x"})
        assert "This would find very many words: de*" in words(broad)
        assert PolicyWord.objects.count() == 1
        assert PolicyWord in admin.site._registry

    def test_words_that_staff_took_away_do_not_come_back(self):
        assert load_policy_words() > 100
        PolicyWord.objects.filter(language="nl", word="conform").delete()
        assert load_policy_words() == 0
        assert not PolicyWord.objects.filter(language="nl", word="conform").exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_words_that_are_loaded_many_times_at_once_are_there_once():
    made = at_once([load_policy_words] * CALLERS)

    assert not [error for error in made if isinstance(error, Exception)]
    rows = list(PolicyWord.objects.values_list("language", "word"))
    assert len(set(rows)) == len(rows) > 100
