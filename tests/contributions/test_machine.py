"""Translation by a machine: what it is sent, what it costs, and what happens when it fails."""

import datetime
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Role, User
from contributions import actions, tasks
from contributions.machine import backends, budget, working
from contributions.machine.masking import Mangled, mask
from contributions.models import (
    Dossier,
    MachineMonth,
    NoMachine,
    Status,
    Translation,
    TranslationRequest,
)
from contributions.models.translation import CLAIM_HOLDS, MAX_TRIES
from contributions.translations import digest_of
from ideas.models import Initiative
from tests import scenes
from tests.contributions.machine_server import Machine, running
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db

Trouble = TranslationRequest.Trouble
State = TranslationRequest.State


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    caches["drawings"].clear()
    yield
    caches["drawings"].clear()


@pytest.fixture
def machine(settings: Any) -> Iterator[Machine]:
    with running() as one:
        settings.TRANSLATION_BACKEND = "libretranslate"
        settings.TRANSLATION_URL = one.url
        yield one


@pytest.fixture
def deepl(machine: Machine, settings: Any) -> Machine:
    settings.TRANSLATION_BACKEND = "deepl"
    settings.TRANSLATION_KEY = "zqkey"
    return machine


def idea(text: str = "There is no place to sit here.", **told: Any) -> Initiative:
    return scenes.initiative("A bench", text=text, **told)


def asked(text: Initiative, language: str = "pl", **told: Any) -> TranslationRequest:
    return actions.ask_machine(contribution=text, language=language, **told)


def made(text: Initiative, language: str = "pl") -> Translation | None:
    return Translation.objects.current().filter(dossier=text.dossier, language=language).first()


def work(request: TranslationRequest, now: datetime.datetime | None = None) -> str | None:
    """Let a worker go about a request, and return what went wrong."""
    trouble = working.make(request.pk, now=now or timezone.now())
    request.refresh_from_db()
    return trouble


class TestShapes:
    def test_libretranslate_is_sent_its_shape(self, machine: Machine, settings: Any):
        settings.TRANSLATION_KEY = "zqkey"
        text = idea()

        work(asked(text))

        (sent,) = machine.asked
        assert sent["path"] == "/translate"
        assert (sent["source"], sent["target"], sent["format"]) == ("nl", "pl", "text")
        assert sent["api_key"] == "zqkey"
        assert sent["q"] == ["A bench", "There is no place to sit here."]
        row = made(text)
        assert row is not None
        assert row.words == {"title": "A BENCH", "text": "THERE IS NO PLACE TO SIT HERE."}
        assert (row.state, row.maker, row.made_by) == ("machine", "machine", None)
        assert row.source_digest == digest_of(text)

    def test_deepl_is_sent_its_shape(self, deepl: Machine):
        text = idea()

        work(asked(text, "en"))

        (sent,) = deepl.asked
        assert sent["path"] == "/v2/translate"
        assert sent["key"] == "DeepL-Auth-Key zqkey"
        assert (sent["source_lang"], sent["target_lang"]) == ("NL", "EN-GB")
        assert sent["text"] == ["A bench", "There is no place to sit here."]
        row = made(text, "en")
        assert row is not None
        assert row.words["title"] == "A BENCH"

    def test_without_a_machine_nothing_is_asked_and_nothing_leaves(self):
        text = idea()

        assert backends.the_backend() is None
        with pytest.raises(actions.NotByMachine):
            asked(text)
        assert not TranslationRequest.objects.exists()
        assert tasks.sweep_translations() == 0

    def test_a_machine_that_nobody_knows_is_an_error_of_the_settings(self, settings: Any):
        settings.TRANSLATION_BACKEND = "babelfish"
        with pytest.raises(ImproperlyConfigured):
            backends.the_backend()


TROUBLES = {
    "html": Trouble.BROKEN,
    "list": Trouble.BROKEN,
    "broken": Trouble.BROKEN,
    "redirect": Trouble.BROKEN,
    "busy": Trouble.BUSY,
    "nothing": Trouble.AWAY,
    "slow": Trouble.SLOW,
    "drip": Trouble.SLOW,
    "wrong number": Trouble.WRONG_NUMBER,
    "key": Trouble.REFUSED,
    "long": Trouble.TOO_LONG,
}


class TestTrouble:
    @pytest.fixture(autouse=True)
    def _hurry(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(backends, "ANSWER_SECONDS", 0.5)

    @pytest.mark.parametrize("name", ["libretranslate", "deepl"])
    @pytest.mark.parametrize("trouble", TROUBLES)
    def test_each_trouble_leaves_the_text_as_it_was_and_a_later_try_mends_it(
        self, machine: Machine, settings: Any, name: str, trouble: str
    ):
        settings.TRANSLATION_BACKEND = name
        text, now = idea(), timezone.now()
        machine.trouble = trouble

        request = asked(text, now=now)
        assert work(request, now) == TROUBLES[trouble]

        assert made(text) is None
        assert (request.state, request.trouble, request.tries) == (
            State.WAITING,
            TROUBLES[trouble],
            1,
        )
        assert request.next_try_at > now + datetime.timedelta(minutes=1)
        # Not due yet: nothing is sent.
        machine.trouble = ""
        before = len(machine.asked)
        assert work(request, now) is None
        assert len(machine.asked) == before
        work(request, request.next_try_at)
        assert made(text) is not None
        assert (request.state, request.trouble) == (State.DONE, "")

    def test_nobody_listens_there(self, machine: Machine, settings: Any):
        settings.TRANSLATION_URL = "http://127.0.0.1:1"
        assert work(asked(idea())) == Trouble.AWAY

    def test_a_machine_that_says_when_to_come_back_is_believed(self, machine: Machine):
        machine.trouble = "busy"
        now = timezone.now()
        request = asked(idea(), now=now)
        work(request, now)
        assert request.next_try_at == now + datetime.timedelta(seconds=600)

    def test_each_try_waits_longer_and_the_last_is_the_last(self, machine: Machine):
        machine.trouble = "broken"
        now = timezone.now()
        request = asked(idea(), now=now)
        waits = []
        while request.state == State.WAITING:
            at = request.next_try_at
            work(request, at)
            waits.append(request.next_try_at - at)

        assert len(machine.asked) == MAX_TRIES
        assert waits[:5] == sorted(set(waits[:5]))
        assert (request.state, request.trouble) == (State.GIVEN_UP, Trouble.BROKEN)

        # Somebody can ask anew.
        machine.trouble = ""
        work(asked(Initiative.objects.get(dossier=request.dossier)))
        assert request.dossier.translations.get().state == "machine"

    def test_a_place_that_is_lost_on_the_way_is_no_translation(self, machine: Machine):
        machine.trouble = "lost"
        text = idea("Call me: 06 12345678, then we talk.")
        assert work(asked(text)) == Trouble.MANGLED
        assert made(text) is None

    def test_the_log_holds_no_words_and_no_key(
        self, machine: Machine, settings: Any, capfd: pytest.CaptureFixture[str], caplog: Any
    ):
        settings.TRANSLATION_KEY = "zqkey"
        machine.trouble = "broken"
        work(asked(idea("Zqword stands here")))
        out = "".join(capfd.readouterr()) + caplog.text
        assert "translation_in_trouble" in out
        assert "zqkey" not in out
        assert "Zqword" not in out

    def test_a_sweep_stops_at_a_machine_that_is_away(self, machine: Machine):
        machine.trouble = "nothing"
        texts = [idea() for _number in range(4)]
        for one in texts:
            asked(one)

        assert tasks.sweep_translations() == 1

        untried = TranslationRequest.objects.filter(tries=0)
        assert untried.count() == 3

    def test_a_killed_workers_request_comes_due_again(self, machine: Machine):
        text, now = idea(), timezone.now()
        request = asked(text, now=now)
        assert working._claimed(request.pk, now) is not None  # and then it was killed

        assert working.drain(now=now) == 0
        assert working.drain(now=now + CLAIM_HOLDS) == 1

        assert made(text) is not None

    def test_a_request_that_kills_its_workers_is_given_up(self, machine: Machine):
        request = asked(idea())
        for _number in range(MAX_TRIES):
            assert working._claimed(request.pk, request.next_try_at) is not None
            request.refresh_from_db()

        assert working._claimed(request.pk, request.next_try_at) is None

        request.refresh_from_db()
        assert request.state == State.GIVEN_UP


class TestBudget:
    def test_what_goes_is_counted_and_nothing_goes_over_it(self, machine: Machine, settings: Any):
        settings.TRANSLATION_CHARACTERS_A_MONTH = 50
        first, second = idea(), idea("There is not one tree in our whole street.")
        now = timezone.now()

        work(asked(first, now=now), now)
        assert MachineMonth.objects.get().characters == len("A bench") + len(first.text)

        request = asked(second, now=now)
        assert work(request, now) == Trouble.BUDGET
        assert len(machine.asked) == 1
        assert MachineMonth.objects.get().characters == len("A bench") + len(first.text)
        # It goes on with the new month, with all its tries.
        assert request.next_try_at == budget.begins_again(now)
        assert request.tries == 0
        settings.TRANSLATION_CHARACTERS_A_MONTH = 60
        work(request, request.next_try_at)
        assert made(second) is not None
        assert MachineMonth.objects.count() == 2

    def test_a_new_month_begins_on_its_first_day(self):
        late = datetime.datetime(2026, 12, 31, 22, 30, tzinfo=datetime.UTC)
        assert budget.begins_again(late) > datetime.datetime(2026, 12, 31, 23, tzinfo=datetime.UTC)
        assert budget._month(budget.begins_again(late)) == datetime.date(2027, 1, 1)

    def test_characters_that_nobody_worked_on_are_given_back(self, machine: Machine):
        machine.trouble = "busy"
        work(asked(idea()))
        assert MachineMonth.objects.get().characters == 0

    def test_a_machine_whose_own_budget_is_used_up_waits_for_the_month(self, deepl: Machine):
        deepl.trouble = "quota"
        now = timezone.now()
        request = asked(idea(), now=now)
        assert work(request, now) == Trouble.BUDGET
        assert request.next_try_at == budget.begins_again(now)

    def test_the_same_words_are_paid_for_once(self, machine: Machine):
        first, second = idea(), idea()

        work(asked(first))
        work(asked(second))

        assert len(machine.asked) == 1
        one, other = made(first), made(second)
        assert one is not None
        assert other is not None
        assert one.words == other.words

    def test_only_the_part_that_changed_is_asked_anew(self, machine: Machine):
        text = idea()
        work(asked(text))
        Initiative.objects.filter(pk=text.pk).update(text="Now there is one bench.")
        text.refresh_from_db()

        work(asked(text))

        assert machine.asked[-1]["texts"] == ["Now there is one bench."]
        row = made(text)
        assert row is not None
        assert row.words == {"title": "A BENCH", "text": "NOW THERE IS ONE BENCH."}

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_many_workers_at_once_do_not_go_over_it(self, settings: Any):
        settings.TRANSLATION_CHARACTERS_A_MONTH = 100
        now = timezone.now()

        taken = at_once([partial(budget.spend, 10, now=now)] * CALLERS)

        assert taken.count(True) == 10
        assert MachineMonth.objects.get().characters == 100


CONTACT = (
    "06 12345678",
    "+48 601 234 567",
    "fatima@voorbeeld.nl",
    "fatima (at) voorbeeld.nl",
    "NL91 ABNA 0417 1643 00",
    "111222333",
    "Hoefkade 12",
    "https://voorbeeld.nl/fatima",
)


class TestMasking:
    @pytest.mark.parametrize("told", CONTACT)
    def test_contact_data_stays_here_and_comes_back(self, machine: Machine, told: str):
        text = idea(f"You find me so: {told} and that is it.")

        work(asked(text))

        assert not any(told in sent for sent in machine.texts), machine.texts
        row = made(text)
        assert row is not None
        assert told in row.words["text"]

    def test_more_than_a_mark_names_is_masked(self):
        numbers = [f"06 1234560{number}" for number in range(9)]
        masked = mask(", ".join(numbers), language="nl")
        assert not any(number in masked.text for number in numbers)
        assert masked.put_back(masked.text) == ", ".join(numbers)

    @pytest.mark.parametrize(
        ("language", "text", "name"),
        [
            ("nl", "Ik heet Zeynep Yılmaz en ik woon hier.", "Zeynep Yılmaz"),
            ("nl", "Vraag het aan mevrouw Jansen, zij weet het.", "Jansen"),
            ("nl", "Dat was het.\nGroetjes,\nFatima", "Fatima"),
            ("en", "My name is Anna Kowalska.", "Anna Kowalska"),
            ("pl", "Nazywam się Wojciech Nowak i tu mieszkam.", "Wojciech Nowak"),
            ("bg", "Казвам се Георги Петров и живея тук.", "Георги Петров"),
            ("ro", "Mă numesc Ștefan Popa și locuiesc aici.", "Ștefan Popa"),
        ],
    )
    def test_a_name_that_is_introduced_is_masked(self, language: str, text: str, name: str):
        masked = mask(text, language=language)
        assert name not in masked.text
        assert masked.put_back(masked.text) == text

    def test_a_sentence_about_oneself_is_no_name(self):
        text = "Ik ben blij met de buurt."
        assert mask(text, language="nl").text == text

    def test_the_authors_name_and_those_of_neighbours_are_masked(self, machine: Machine):
        author, _neighbour = scenes.person("Zqanna Kowalska"), scenes.person("Zqbilal")
        author = _shown(author)
        text = idea("Zqanna doet het met Zqbilal, op het plein.", author=author)

        work(asked(text))

        assert not any("Zq" in sent for sent in machine.texts), machine.texts
        row = made(text)
        assert row is not None
        assert "Zqanna" in row.words["text"]
        assert "Zqbilal" in row.words["text"]

    def test_a_name_that_is_an_everyday_word_is_masked_with_its_capital_alone(self):
        masked = mask("Roos houdt van een roos.", language="nl", names=["Roos"])
        assert masked.text == "[[0]] houdt van een roos."

    def test_what_looks_like_a_place_of_ours_is_masked_itself(self):
        masked = mask("Kies [[0]] of [[7]] en bel 06 12345678", language="nl")
        assert len(masked.hidden) == 3
        assert masked.put_back(masked.text) == "Kies [[0]] of [[7]] en bel 06 12345678"

    def test_a_place_may_be_written_with_spaces_and_stand_anywhere_but_once(self):
        masked = mask("Bel 06 12345678 of mail fatima@voorbeeld.nl", language="nl")
        assert masked.put_back("[[ 1 ]] albo [[0]]") == "fatima@voorbeeld.nl albo 06 12345678"
        for wrong in ("[[0]]", "[[0]] [[1]] [[1]]", "[[0]] [[2]]", ""):
            with pytest.raises(Mangled):
                masked.put_back(wrong)

    def test_a_text_without_a_word_is_not_sent(self, machine: Machine):
        text = idea("06 12345678")
        work(asked(text))
        assert machine.texts == ["A bench"]
        row = made(text)
        assert row is not None
        assert row.words["text"] == "06 12345678"


def _shown(person: User) -> User:
    """Return the person as they go by their own name."""
    return User.objects.get(pk=person.pk)


class TestWhatStaysHere:
    @pytest.mark.parametrize("age_band", ["12-15", ""])
    def test_texts_by_young_people_never_leave(self, machine: Machine, age_band: str):
        text = idea()
        User.objects.filter(pk=text.author_id).update(
            age_band=age_band, age_confirmed_at=timezone.now() if age_band else None
        )
        with pytest.raises(actions.NotByMachine):
            asked(Initiative.objects.get(pk=text.pk))

        # Asked before, when it was somebody else's to decide.
        TranslationRequest.objects.create(dossier=text.dossier, language="pl")
        working.drain(now=timezone.now())

        assert machine.asked == []
        assert TranslationRequest.objects.get().trouble == Trouble.NOT_ALLOWED

    def test_a_text_without_an_author_never_leaves(self, machine: Machine):
        text = idea()
        Initiative.objects.filter(pk=text.pk).update(author=None, channel="assisted")
        with pytest.raises(actions.NotByMachine):
            asked(Initiative.objects.get(pk=text.pk))

    @pytest.mark.parametrize(
        "status", [Status.DRAFT, Status.HIDDEN, Status.REJECTED, Status.RETURNED, Status.WITHDRAWN]
    )
    def test_what_is_not_on_the_site_and_not_read_never_leaves(self, machine: Machine, status: str):
        text = idea(status=status)
        TranslationRequest.objects.create(dossier=text.dossier, language="pl")

        working.drain(now=timezone.now())

        assert machine.asked == []
        assert not Translation.objects.exists()

    def test_a_text_that_is_hidden_while_it_is_translated_gets_no_translation(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ):
        text = idea()
        request = asked(text)
        monkeypatch.setattr(working, "_words", _hiding(text))

        work(request)

        assert not Translation.objects.exists()

    def test_the_switch_turns_it_off_for_an_area_with_all_in_it(self, machine: Machine):
        city = scenes.area("stad", accepts_contributions=False)
        inside, outside = scenes.area("binnen", parent=city), scenes.area("buiten")
        NoMachine.objects.create(area=city)

        with pytest.raises(actions.NotByMachine):
            asked(idea(where=inside))
        asked(idea(where=outside))

    def test_the_switch_turns_it_off_for_a_kind_or_for_a_kind_in_an_area(self, machine: Machine):
        here = scenes.area()
        text = idea(where=here)
        comment = scenes.comment(text)
        NoMachine.objects.create(kind="comment")
        with pytest.raises(actions.NotByMachine):
            actions.ask_machine(contribution=comment, language="pl")
        asked(text)

        NoMachine.objects.create(kind="initiative", area=here)
        with pytest.raises(actions.NotByMachine):
            asked(text, "ro")

    def test_an_offices_own_words_may_leave_whoever_wrote_them_down(self, machine: Machine):
        office = scenes.granted(Role.PROGRAMME_OFFICE)
        User.objects.filter(pk=office.pk).update(age_band="", age_confirmed_at=None)
        given = scenes.response(by=User.objects.get(pk=office.pk))

        work(actions.ask_machine(contribution=given, language="pl"))

        assert given.dossier.translations.get().words["heard"] == "YOU TOLD US THIS."


def _hiding(text: Initiative) -> Any:
    told = working._words

    def words(*arguments: Any) -> Any:
        done = told(*arguments)
        scenes.bring(text, Status.HIDDEN)
        return done

    return words


class TestAtOnce:
    def test_chosen_kinds_are_asked_for_in_every_listed_language_as_they_appear(
        self, machine: Machine, settings: Any
    ):
        settings.TRANSLATION_KINDS_AT_ONCE = ["initiative"]
        text = idea()
        scenes.comment(text)

        wanted = TranslationRequest.objects.filter(dossier=text.dossier)
        assert set(wanted.values_list("language", flat=True)) == {"en", "pl", "bg", "ro"}
        assert TranslationRequest.objects.count() == 4
        assert machine.asked == [], "A page never waits for it."
        tasks.sweep_translations()
        assert text.dossier.translations.count() == 4

    def test_nothing_is_asked_for_by_itself_otherwise(self, machine: Machine):
        idea()
        assert not TranslationRequest.objects.exists()

    def test_a_change_that_is_taken_over_is_asked_for_again(self, machine: Machine, settings: Any):
        settings.TRANSLATION_KINDS_AT_ONCE = ["initiative"]
        text = idea()
        tasks.sweep_translations()
        data = {**text.fields_of_revision(), "text": "Two benches, then."}
        actions.propose_revision(contribution=text, by=text.author, data=data)
        actions.accept_revision(
            dossier=Dossier.objects.get(pk=text.dossier_id), by=scenes.moderator()
        )

        tasks.sweep_translations()

        row = made(text)
        assert row is not None
        assert row.words["text"] == "TWO BENCHES, THEN."


class TestMany:
    def test_whoever_asks_again_gets_the_same_request(self, machine: Machine):
        text = idea()
        assert asked(text).pk == asked(text).pk
        assert TranslationRequest.objects.count() == 1

    def test_what_stands_is_not_asked_for_again(self, machine: Machine):
        text = idea()
        work(asked(text))
        with (
            translation.override("en"),
            pytest.raises(actions.NotByMachine, match="machine translated this already"),
        ):
            asked(text)

    def test_a_sweep_makes_a_bounded_number(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(working, "AT_MOST", 3)
        for _number in range(5):
            asked(idea())

        assert tasks.sweep_translations() == 3
        assert TranslationRequest.objects.filter(state=State.WAITING).count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_nothing_is_locked_while_the_machine_works(self, machine: Machine):
        text = idea()
        request = asked(text)
        browser = Client()
        met: list[Any] = []

        def during() -> None:
            # In the machine's own thread, on a connection of its own: the very text is written to.
            Initiative.objects.filter(pk=text.pk).update(support_count=7)
            met.append(browser.get(text.get_absolute_url()).status_code)
            connections.close_all()

        machine.during = during
        assert work(request) is None

        assert met == [200]
        assert Initiative.objects.get(pk=text.pk).support_count == 7
        assert made(text) is not None

    def test_ten_thousand_that_wait_cost_a_page_and_a_sweep_nothing(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch, client: Client
    ):
        monkeypatch.setattr(working, "AT_MOST", 2)
        text = idea()
        address = reverse("translations:show", args=[text.dossier_id])

        def costs() -> tuple[int, int, int]:
            with CaptureQueriesContext(connection) as reading:
                assert client.get(address).status_code == 200
            with CaptureQueriesContext(connection) as asking:
                other = idea()
                before = len(asking)
                actions.ask_machine(contribution=other, language="ro")
            with CaptureQueriesContext(connection) as sweeping:
                assert working.drain(now=timezone.now()) == 2
            return len(reading), len(asking) - before, len(sweeping)

        asked(idea())
        asked(idea("Another text than before."))
        few = costs()
        _crowd(10_000)
        many = costs()
        assert (many[0], many[1]) == (few[0], few[1])
        assert many[2] <= few[2] + 2

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_many_who_ask_at_once_make_one_request_and_one_translation(self, machine: Machine):
        text = idea()

        rows = at_once([partial(asked, text)] * CALLERS)
        assert len({row.pk for row in rows}) == 1
        request = TranslationRequest.objects.get()
        now = timezone.now()
        at_once([partial(working.make, request.pk, now=now)] * CALLERS)

        assert len(machine.asked) == 1
        assert Translation.objects.count() == 1


def _crowd(number: int) -> None:
    """Let a number of translations wait, longer than all others."""
    dossiers = Dossier.objects.bulk_create(Dossier(kind="initiative") for _ in range(number))
    now = timezone.now()
    author, here, theme = User.objects.first(), scenes.area(), scenes.theme()
    TranslationRequest.objects.bulk_create(
        TranslationRequest(dossier=one, language="pl", asked_at=now, next_try_at=now)
        for one in dossiers
    )
    Initiative.objects.bulk_create(
        Initiative(
            dossier=one,
            author=author,
            title="Crowd",
            text="Many words.",
            language="nl",
            area=here,
            theme=theme,
            status=Status.PUBLISHED,
            submitted_at=now,
            published_at=now,
            threshold=75,
            closes_on=timezone.localdate() + datetime.timedelta(days=90),
        )
        for one in dossiers
    )
