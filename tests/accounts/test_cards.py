"""Cards: an account without an e-mail address, opened by a code on paper and a PIN of one's own."""

import datetime
import re
from collections import Counter
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import actions, cards
from accounts.card_forms import is_simple
from accounts.models import TRIES, Card, Device, Role, RoleAct, User
from ideas.actions import give_support, hand_in
from ideas.models import Initiative, Support
from participatie.privacy import emptying
from participatie.privacy.leaving import leave
from tests import scenes
from tests.races import CALLERS, at_once

from .conftest import newest_code

pytestmark = pytest.mark.django_db

SIGN_IN = "/en/account/inloggen/pasje/"
FIRST = "/en/account/inloggen/pasje/nieuw/"
GIVE = "/en/account/pasjes/"
REPLACE = "/en/account/pasjes/vervangen/"
CONFIRM = "/en/account/bevestigen/"
EMAIL = "/en/account/e-mail/"
PIN = "4927"
REFUSED = "This code and this PIN do not belong together."


@pytest.fixture
def messenger(db: None) -> User:
    return scenes.granted(Role.MESSENGER, language="pl")


def given(by: User, **more: Any) -> tuple[Card, str]:
    """Return a new card and its code."""
    key = cards.new_key()
    card = cards.give_card(by=by, language="pl", area=None, key=key, **more)
    return card, cards.code_for(by=by, key=key)


def in_use(by: User) -> tuple[Card, str]:
    """Return a card whose holder chose a PIN, and its code."""
    _card, code = given(by)
    return cards.choose_first_pin(code=code, pin=PIN), code


def sign_in(client: Client, code: str, pin: str = PIN, query: str = "") -> Any:
    return client.post(SIGN_IN + query, {"code": code, "pin": pin})


def person_at(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def holder(client: Client, messenger: User) -> User:
    """Sign somebody in with a card."""
    card, code = in_use(messenger)
    assert sign_in(client, code).status_code == 302
    return User.objects.get(pk=card.user_id)


def page(response: Any) -> str:
    return str(response.content.decode())


# --- Giving ---------------------------------------------------------------------------------------


def test_a_messenger_makes_a_card_and_its_sheet_shows_the_code_once(
    client: Client, messenger: User
) -> None:
    client.force_login(messenger)
    key = re.search(r'name="key" value="([^"]+)"', page(client.get(GIVE)))
    assert key

    response = client.post(GIVE, {"language": "pl", "area": "", "key": key[1]})

    card = Card.objects.get()
    assert (card.given_by, card.user.email, card.user.language) == (messenger, None, "pl")
    code = cards.code_for(by=messenger, key=key[1])
    groups = re.findall(r"<span>(\d{4})</span>", page(response))
    assert "".join(groups) == code
    assert card.printed_number in page(response)
    assert 'lang="pl"' in page(response)
    assert "no-store" in response["Cache-Control"]
    assert code not in str(Card.objects.values().get()), "The row holds a digest."
    assert code not in page(client.get(GIVE))


def test_a_second_press_makes_no_second_card_and_shows_the_same_sheet_for_a_while(
    client: Client, messenger: User
) -> None:
    client.force_login(messenger)
    form = {"language": "pl", "area": "", "key": cards.new_key()}
    first, second = (page(client.post(GIVE, form)) for _ in range(2))
    codes = [re.findall(r"<span>(\d{4})</span>", one) for one in (first, second)]
    assert codes[0] == codes[1] != []
    assert Card.objects.count() == User.objects.filter(email=None).count() == 1
    assert RoleAct.objects.filter(act="accounts.give_card").count() == 1

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        assert client.post(GIVE, form).status_code == 302
    cards.choose_first_pin(code="".join(codes[0]), pin=PIN)
    assert client.post(GIVE, form).status_code == 302, "Its owner has it: nobody else looks."


def test_giving_is_on_the_record_without_words(messenger: User) -> None:
    card, _code = given(messenger)
    act = RoleAct.objects.get(by=messenger)
    assert (act.act, act.about, act.about_pk) == ("accounts.give_card", "accounts.card", card.pk)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.STEERING_GROUP, None])
def test_for_others_the_pages_do_not_exist(client: Client, role: str | None) -> None:
    client.force_login(scenes.granted(role) if role else scenes.person())
    for address in (GIVE, REPLACE):
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404


def test_a_messenger_gives_cards_in_the_granted_languages_and_areas(client: Client) -> None:
    here, there = scenes.area("hier"), scenes.area("daar")
    person = scenes.granted(Role.MESSENGER, language="ro", area=here)
    client.force_login(person)
    form = {"language": "ro", "area": there.pk, "key": cards.new_key()}

    assert "You give no cards in this neighbourhood." in page(client.post(GIVE, form))
    assert "Select a valid choice" in page(client.post(GIVE, {**form, "language": "pl"}))
    with pytest.raises(cards.MayNotGive):
        cards.give_card(by=person, language="pl", area=here, key="k")
    assert client.post(GIVE, {**form, "area": here.pk}).status_code == 200
    assert Card.objects.get().area == Card.objects.get().user.area == here


def test_who_gave_as_many_as_the_setting_allows_goes_on_tomorrow(
    client: Client, messenger: User, settings: Any
) -> None:
    settings.CARDS_PER_DAY = 2
    given(messenger)
    given(messenger)
    client.force_login(messenger)
    form = {"language": "pl", "area": "", "key": cards.new_key()}
    response = client.post(GIVE, form)
    assert response.status_code == 429
    assert "Go on tomorrow" in page(response)
    assert form["key"] in page(response), "What was filled in is still there."
    given(messenger, now=timezone.now() + datetime.timedelta(days=1))
    assert Card.objects.count() == 3


def test_no_row_says_that_somebody_gave_a_card_to_themselves(messenger: User) -> None:
    card, _code = given(messenger)
    with pytest.raises(IntegrityError), transaction.atomic():
        Card.objects.filter(pk=card.pk).update(given_by=card.user_id)


def test_the_sheet_reads_from_right_to_left_where_its_language_does(
    client: Client, settings: Any
) -> None:
    settings.LISTED_LANGUAGES = [*settings.LISTED_LANGUAGES, "ar"]
    client.force_login(scenes.granted(Role.PROGRAMME_OFFICE))
    form = {"language": "ar", "area": "", "key": cards.new_key()}
    assert 'lang="ar" dir="rtl"' in page(client.post(GIVE, form))


# --- Signing in -----------------------------------------------------------------------------------


def test_who_comes_with_a_new_card_chooses_a_pin_and_is_in(client: Client, messenger: User) -> None:
    card, code = given(messenger)

    asked = sign_in(client, f"{code[:4]} {code[4:8]}-{code[8:]}", query="?next=/en/wijk/")
    assert "Choose your PIN" in page(asked)
    assert f"{FIRST}?next=/en/wijk/" in page(asked)
    assert person_at(client) is None

    form = {"code": code, "pin": PIN, "pin_again": PIN}
    response = client.post(f"{FIRST}?next=/en/wijk/", form)
    assert (response.status_code, response["Location"]) == (302, "/en/wijk/")
    assert person_at(client) == str(card.user_id)
    card.refresh_from_db()
    assert card.first_used_at is not None
    assert PIN not in card.pin
    assert not mail.outbox


def test_a_code_and_a_pin_sign_in(client: Client, messenger: User) -> None:
    card, code = in_use(messenger)
    assert sign_in(client, code)["Location"] == "/nl/account/" or person_at(client)
    assert person_at(client) == str(card.user_id)
    assert Device.objects.filter(user=card.user_id).exists()


def test_a_pin_that_others_guess_is_refused_and_two_that_differ_are_too(
    client: Client, messenger: User
) -> None:
    _card, code = given(messenger)
    simple = ["1111", "1234", "9876", "0123", "8901", "1212", "123123", "1987", "2024"]
    assert all(map(is_simple, simple))
    assert not any(map(is_simple, [PIN, "5071", "83921", "110385"]))
    for pin, again, said in (
        ("1234", "1234", "Others guess this PIN soon."),
        (PIN, "4928", "This is another PIN than above."),
        ("12", "12", "A PIN is a number of four to eight digits."),
    ):
        response = client.post(FIRST, {"code": code, "pin": pin, "pin_again": again})
        assert said in page(response)
        assert code in page(response)
    assert not Card.objects.get().pin


def test_words_and_status_are_the_same_for_unknown_codes_wrong_pins_and_locked_cards(
    messenger: User,
) -> None:
    _card, code = in_use(messenger)
    _other, locked = in_use(messenger)
    Card.objects.filter(pk=_other.pk).update(tries=TRIES)
    pages = []
    for typed, pin in (("000000000000", PIN), (code, "7305"), (locked, PIN), (locked, "7305")):
        response = sign_in(Client(), typed, pin)
        pages.append((response.status_code, re.sub(r'value="[^"]*"', "", page(response))))
    assert len(set(pages)) == 1
    assert REFUSED in pages[0][1]
    # Nor does the page for new cards say which codes are in use.
    first = []
    for typed in ("000000000000", code, locked):
        response = Client().post(FIRST, {"code": typed, "pin": PIN, "pin_again": PIN})
        first.append((response.status_code, re.sub(r'value="[^"]*"', "", page(response))))
    assert len(set(first)) == 1
    assert REFUSED in first[0][1]


def test_it_costs_as_many_queries_and_hashes_whether_a_code_is_known(
    messenger: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    _card, code = in_use(messenger)
    compared = Counter[str]()
    real = cards.check_password

    def counted(pin: str, encoded: str) -> bool:
        compared[encoded.split("$")[0]] += 1
        return bool(real(pin, encoded))

    monkeypatch.setattr(cards, "check_password", counted)
    for typed in ("000000000000", code):
        with django_assert_num_queries(2):
            assert cards.holder_of(code=typed, pin="7305") is None
    assert list(compared.values()) == [2]


def test_five_wrong_pins_lock_a_card_also_when_the_cache_forgot_them(
    client: Client, messenger: User
) -> None:
    from django.core.cache import caches

    card, code = in_use(messenger)
    for _ in range(TRIES):
        assert REFUSED in page(sign_in(client, code, "7305"))
        caches["default"].clear()
    assert REFUSED in page(sign_in(client, code))
    assert person_at(client) is None
    card.refresh_from_db()
    assert card.is_locked


def test_a_right_pin_gives_the_tries_back(client: Client, messenger: User) -> None:
    card, code = in_use(messenger)
    for _ in range(TRIES - 1):
        sign_in(client, code, "7305")
    assert sign_in(client, code).status_code == 302
    card.refresh_from_db()
    assert card.tries == 0


def test_who_guesses_codes_is_slowed_down(client: Client) -> None:
    answers = [
        sign_in(client, f"{number:012d}", query=f"?{number}").status_code for number in range(61)
    ]
    assert answers == [200] * 60 + [429]


def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(client: Client) -> None:
    response = sign_in(client, "1234", "abcd")
    assert "The code on the card is a number of twelve digits." in page(response)
    assert "A PIN is a number of four to eight digits." in page(response)
    assert 'value="1234"' in page(response)


def test_a_closed_account_does_not_open(client: Client, messenger: User) -> None:
    card, code = in_use(messenger)
    User.objects.filter(pk=card.user_id).update(is_active=False)
    sign_in(client, code)
    assert person_at(client) is None


def test_codes_made_under_an_earlier_key_go_on_working(
    client: Client, messenger: User, settings: Any
) -> None:
    card, code = in_use(messenger)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "y" * 50
    assert sign_in(client, code).status_code == 302
    assert Card.objects.get(pk=card.pk).code_digest == cards.digests_of(code)[0]


# --- Taking part ----------------------------------------------------------------------------------


def test_who_has_a_card_does_all_that_a_confirmed_account_does(messenger: User) -> None:
    idea = scenes.initiative()
    card, _code = in_use(messenger)
    person = actions.tell_age(user=card.user, age_band="27-54")
    assert person.is_confirmed
    assert not person.has_confirmed_address

    give_support(initiative_pk=idea.pk, person=person)
    own = hand_in(initiative=scenes.draft("An idea by card", author=person), by=person)

    assert Support.objects.filter(person=person).count() == 1
    assert Initiative.objects.get(pk=own.pk).status != "draft"
    assert scenes.comment(idea, "A comment by card", author=person).author == person


def test_without_an_address_and_without_a_card_nobody_takes_part() -> None:
    person = User.objects.create_without_address(language="pl")
    assert not person.is_confirmed


def test_asking_costs_no_query_of_who_has_a_session(
    messenger: User, django_assert_num_queries: Any
) -> None:
    from accounts.backends import GrantBackend

    card, _code = in_use(messenger)
    person = GrantBackend().get_user(card.user_id)
    assert person is not None
    with django_assert_num_queries(0):
        assert person.is_confirmed
    person = User.objects.get(pk=card.user_id)
    with django_assert_num_queries(1):
        assert person.is_confirmed


def test_own_pages_open_without_an_address(client: Client, messenger: User) -> None:
    person = holder(client, messenger)
    number = Card.objects.in_use().get(user=person).printed_number
    for address in ("/en/account/", "/en/account/profiel/", "/en/account/gegevens/"):
        shown = page(client.get(address))
        assert "None" not in shown
    safety = page(client.get("/en/account/veiligheid/"))
    assert number in safety
    assert "You sign in with your card and your PIN." in safety
    for address in ("/en/account/wachtwoord/kiezen/", "/en/account/wachtwoord/vergeten/"):
        assert client.get(address)["Location"] == EMAIL


def test_reporting_asks_nothing_about_mail_of_who_has_no_address(
    client: Client, messenger: User
) -> None:
    holder(client, messenger)
    idea = scenes.initiative()
    address = f"/en/melding/{idea.dossier_id}/"
    shown = client.get(address)
    assert "Send me the outcome by e-mail" not in page(shown)
    sent = client.post(address, {"category": "unkind", "words": "This is not kind."})
    assert sent.status_code in (200, 302, 422)


# --- Is it you? -----------------------------------------------------------------------------------


def test_who_changes_how_to_sign_in_shows_the_pin_again(client: Client, messenger: User) -> None:
    person = holder(client, messenger)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        for address in (EMAIL, "/en/account/pasje/pin/", "/en/account/veiligheid/app/"):
            assert client.get(address)["Location"].startswith(CONFIRM)
        assert "This is not your PIN." in page(client.post(CONFIRM, {"pin": "7305"}))
        response = client.post(CONFIRM, {"pin": PIN, "next": EMAIL})
        assert (response.status_code, response["Location"]) == (302, EMAIL)
        assert client.get(EMAIL).status_code == 200
    assert not mail.outbox
    assert Card.objects.get(user=person).tries == 0


def test_wrong_pins_there_count_as_those_at_the_door(client: Client, messenger: User) -> None:
    person = holder(client, messenger)
    for _ in range(TRIES):
        client.post(CONFIRM, {"pin": "7305"})
    assert "This is not your PIN." in page(client.post(CONFIRM, {"pin": PIN}))
    assert Card.objects.get(user=person).is_locked


def test_another_pin_works_from_then_on_and_signs_others_out(
    client: Client, messenger: User
) -> None:
    card, code = in_use(messenger)
    elsewhere = Client()
    for browser in (client, elsewhere):
        sign_in(browser, code)
    response = client.post("/en/account/pasje/pin/", {"pin": "60417", "pin_again": "60417"})
    assert response.status_code == 302
    assert elsewhere.get("/en/account/").status_code == 302
    assert client.get("/en/account/").status_code == 200
    assert REFUSED in page(sign_in(Client(), code))
    assert cards.holder_of(code=code, pin="60417") == card


def test_who_has_an_address_has_no_pin_to_change(client: Client) -> None:
    client.force_login(scenes.person())
    client.session.save()
    from accounts import freshness

    session = client.session
    session[freshness.FRESH_KEY] = timezone.now().timestamp()
    session.save()
    assert client.get("/en/account/pasje/pin/").status_code == 404


def test_a_second_step_is_asked_of_who_added_one(client: Client, messenger: User) -> None:
    from accounts import factors

    from .factor_steps import app_code

    card, code = in_use(messenger)
    secret = factors.new_secret()
    factors.add_app(user=card.user, secret=secret, typed=app_code(secret))
    assert sign_in(client, code)["Location"].endswith("/inloggen/stap-twee/")
    assert person_at(client) is None


# --- An address after all -------------------------------------------------------------------------


def test_an_address_makes_it_an_ordinary_account_and_ends_the_card(
    client: Client, messenger: User
) -> None:
    card, code = in_use(messenger)
    sign_in(client, code)

    assert client.post(EMAIL, {"email": "nu@buurten.example"}).status_code == 302
    typed = newest_code("nu@buurten.example")
    assert [one.to for one in mail.outbox] == [["nu@buurten.example"]]
    assert client.post(f"{EMAIL}codes/", {"new_code": typed}).status_code == 302

    person = User.objects.get(pk=card.user_id)
    assert (person.email, person.has_confirmed_address) == ("nu@buurten.example", True)
    assert person.is_confirmed
    card.refresh_from_db()
    assert (card.code_digest, card.pin) == (None, "")
    assert card.ended_at is not None
    assert REFUSED in page(sign_in(Client(), code))


def test_an_address_of_another_account_is_not_taken(client: Client, messenger: User) -> None:
    other = scenes.person()
    person = holder(client, messenger)
    client.post(EMAIL, {"email": other.email})
    client.post(f"{EMAIL}codes/", {"new_code": newest_code(str(other.email))})
    person.refresh_from_db()
    assert person.email is None
    assert person.is_confirmed


# --- Replacing ------------------------------------------------------------------------------------


def test_a_lost_card_is_replaced_by_its_number_and_the_pin_goes_over(
    client: Client, messenger: User
) -> None:
    old, code = in_use(messenger)
    owner = Client()
    sign_in(owner, code)
    other = scenes.granted(Role.MESSENGER, language="ro")
    client.force_login(other)
    key = cards.new_key()

    response = client.post(REPLACE, {"number": old.printed_number, "key": key})

    new = Card.objects.in_use().get()
    old.refresh_from_db()
    assert (new.user, new.number, new.given_by) == (old.user, old.number, other)
    assert old.replaced_by == new
    new_code = cards.code_for(by=other, key=key)
    assert f"<span>{new_code[:4]}</span>" in page(response)
    assert owner.get("/en/account/").status_code == 302, "Whoever found it is signed out."
    assert REFUSED in page(sign_in(Client(), code))
    assert REFUSED in page(sign_in(Client(), new_code, "7305")), "Who replaced it has no PIN."
    assert sign_in(Client(), new_code).status_code == 302
    assert RoleAct.objects.get(by=other).act == "accounts.replace_card"


def test_a_locked_card_is_replaced_and_works_again(messenger: User) -> None:
    old, _code = in_use(messenger)
    Card.objects.filter(pk=old.pk).update(tries=TRIES)
    key = cards.new_key()
    cards.replace_card(by=messenger, number=old.number, key=key)
    assert cards.holder_of(code=cards.code_for(by=messenger, key=key), pin=PIN)


def test_who_replaces_a_card_again_and_again_gets_no_tries_at_its_pin(messenger: User) -> None:
    card, _code = in_use(messenger)
    for _time in range(cards.CARDS_A_WEEK - 1):
        cards.replace_card(by=messenger, number=card.number, key=cards.new_key())
    with pytest.raises(cards.ReplacedOften):
        cards.replace_card(by=messenger, number=card.number, key=cards.new_key())
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    assert cards.replace_card(by=office, number=card.number, key=cards.new_key())


def test_a_forgotten_pin_is_for_the_programme_office(client: Client, messenger: User) -> None:
    old, _code = in_use(messenger)
    with pytest.raises(cards.MayNotReset):
        cards.replace_card(by=messenger, number=old.number, key="k", forgot_pin=True)
    client.force_login(messenger)
    assert "forgot_pin" not in page(client.get(REPLACE))

    office = scenes.granted(Role.PROGRAMME_OFFICE)
    client.force_login(office)
    assert "forgot_pin" in page(client.get(REPLACE))
    key = cards.new_key()
    client.post(REPLACE, {"number": old.number, "key": key, "forgot_pin": "on"})
    code = cards.code_for(by=office, key=key)
    assert "Choose your PIN" in page(sign_in(Client(), code, "6041"))
    assert cards.choose_first_pin(code=code, pin="6041").user == old.user


def test_a_number_that_no_card_has_gets_a_sentence(client: Client, messenger: User) -> None:
    client.force_login(messenger)
    form = {"number": "123456789", "key": cards.new_key()}
    assert "No card with this number is in use." in page(client.post(REPLACE, form))
    assert "A card number is a number of nine digits." in page(
        client.post(REPLACE, {**form, "number": "12"})
    )


def test_nobody_replaces_their_own_card(messenger: User) -> None:
    card, _code = in_use(messenger)
    own = scenes.granted(Role.MESSENGER, user=card.user)
    with pytest.raises(cards.OwnCard):
        cards.replace_card(by=own, number=card.number, key="k")


# --- Leaving --------------------------------------------------------------------------------------


def test_who_has_a_card_leaves_with_the_pin(client: Client, messenger: User) -> None:
    person = holder(client, messenger)
    assert "We ask for the PIN of your card." in page(client.get("/en/account/vertrekken/"))
    response = client.post("/en/account/vertrekken/", {"texts": "stay"})
    assert response["Location"] == "/en/account/vertrekken/code/"
    assert "This is not your PIN." in page(client.post(response["Location"], {"pin": "7305"}))
    assert client.post(response["Location"], {"pin": PIN})["Location"].endswith("/vertrokken/")
    person.refresh_from_db()
    assert person.left_at is not None
    assert not Card.objects.in_use().filter(user=person).exists()


def test_the_row_of_a_card_stays_empty_when_its_owner_left(messenger: User) -> None:
    card, code = in_use(messenger)
    Card.objects.filter(pk=card.pk).update(area=scenes.area())
    departure = leave(person=card.user, texts_stay=False)
    emptying.make_pass(pk=departure.pk)
    card.refresh_from_db()
    assert (card.code_digest, card.pin, card.area) == (None, "", None)
    assert get_user_model().objects.get(pk=card.user_id).email is not None, "That of an empty row."
    assert cards.holder_of(code=code, pin=PIN) is None


# --- Many at once ---------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_wrong_pins_at_once_no_more_than_five_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card, code = in_use(scenes.granted(Role.MESSENGER, language="pl"))
    found = []
    real = cards._take_try

    def counted(**which: object) -> bool:
        found.append(real(**which))
        return found[-1]

    monkeypatch.setattr(cards, "_take_try", counted)
    tried = at_once([lambda: cards.holder_of(code=code, pin="7305")] * CALLERS)

    assert tried == [None] * CALLERS
    assert sum(found) == TRIES
    card.refresh_from_db()
    assert card.tries == TRIES
    assert cards.holder_of(code=code, pin=PIN) is None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_cards_at_once_no_more_are_made_than_the_setting_allows(settings: Any) -> None:
    settings.CARDS_PER_DAY = 5
    messenger = scenes.granted(Role.MESSENGER, language="pl")
    made = at_once([lambda: given(messenger)] * CALLERS)
    kinds = Counter(type(one).__name__ for one in made)
    assert kinds == {"tuple": 5, "EnoughCards": CALLERS - 5}
    assert Card.objects.count() == 5


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_presses_on_one_button_at_once_one_makes_a_card() -> None:
    messenger, key = scenes.granted(Role.MESSENGER, language="pl"), cards.new_key()
    made = at_once(
        [lambda: cards.give_card(by=messenger, language="pl", area=None, key=key)] * CALLERS
    )
    kinds = Counter(type(one).__name__ for one in made)
    assert kinds == {"Card": 1, "MadeAlready": CALLERS - 1}
    assert User.objects.filter(email=None).count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_first_pins_at_once_one_is_stored() -> None:
    _card, code = given(scenes.granted(Role.MESSENGER, language="pl"))

    def chosen(pin: str) -> Any:
        return lambda: cards.choose_first_pin(code=code, pin=pin)

    pins = [f"{4900 + number}" for number in range(CALLERS)]
    done = at_once([chosen(pin) for pin in pins])
    won = [pin for pin, one in zip(pins, done, strict=True) if isinstance(one, Card)]
    assert len(won) == 1
    assert sum(isinstance(one, cards.PinIsThere) for one in done) == CALLERS - 1
    assert cards.holder_of(code=code, pin=won[0]) is not None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_who_replace_one_card_at_once_one_does() -> None:
    old, _code = in_use(scenes.granted(Role.MESSENGER, language="pl"))
    givers = [scenes.granted(Role.MESSENGER, language="pl") for _ in range(CALLERS)]

    def replacing(by: User) -> Any:
        return lambda: cards.replace_card(by=by, number=old.number, key=cards.new_key())

    done = at_once([replacing(by) for by in givers])
    # The others wait for the row, and then look for a card in use with this number anew.
    assert sum(isinstance(one, Card) for one in done) >= 1
    refusals = (cards.NoSuchCard, cards.ReplacedOften)
    assert all(isinstance(one, (Card, *refusals)) for one in done)
    assert Card.objects.in_use().count() == 1
