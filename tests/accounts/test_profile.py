"""What people tell about themselves, who sees it, and what strangers try to write there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.forms import ProfileForm, WhoYouAreForm
from accounts.models import User
from areas.models import Area

pytestmark = [pytest.mark.django_db, pytest.mark.either]

PAGE = "/nl/account/profiel/"


def told(**changes: str) -> dict[str, str]:
    return {
        "display_name": "Ayşe",
        "kind": "resident",
        "business_name": "",
        "area": "",
        "age_band": "27-54",
        "language": "nl",
        **changes,
    }


def test_a_profile_is_stored(client: Client, resident: User, schilderswijk: Area) -> None:
    client.force_login(resident)
    response = client.post(PAGE, told(area=str(schilderswijk.pk)))
    assert response["Location"] == PAGE
    resident.refresh_from_db()
    assert resident.display_name == resident.public_name == "Ayşe"
    assert resident.area == schilderswijk
    assert resident.age_band == "27-54"
    assert not resident.needs_age(timezone.now())


def test_everything_may_stay_untold(client: Client, resident: User) -> None:
    client.force_login(resident)
    client.post(PAGE, told(display_name="", age_band=""))
    resident.refresh_from_db()
    assert resident.public_name == resident.pseudonym
    assert resident.age_confirmed_at is None


def test_each_field_says_why_it_is_asked(resident: User) -> None:
    assert all(field.help_text for field in ProfileForm(user=resident))


def test_only_areas_where_people_can_post_are_offered(
    client: Client, resident: User, schilderswijk: Area, the_hague: Area
) -> None:
    client.force_login(resident)
    response = client.post(PAGE, told(area=str(the_hague.pk)))
    assert response.context["form"].errors["area"]
    for nonsense in ("01x", "-1", "1e1", "99999999999999999999"):
        response = client.post(PAGE, told(area=nonsense))
        assert response.context["form"].errors["area"]


def test_an_entrepreneur_shows_the_business(client: Client, resident: User) -> None:
    client.force_login(resident)
    client.post(PAGE, told(kind="entrepreneur", business_name="Bakkerij De Zon"))
    resident.refresh_from_db()
    assert resident.public_name == "Bakkerij De Zon"


def test_a_resident_keeps_no_business_name(client: Client, resident: User) -> None:
    client.force_login(resident)
    client.post(PAGE, told(business_name="Bakkerij De Zon"))
    resident.refresh_from_db()
    assert resident.business_name == ""


def test_another_language_holds_for_the_site_and_the_cookie(client: Client, resident: User) -> None:
    client.force_login(resident)
    response = client.post(PAGE, told(language="pl"))
    assert response["Location"] == "/pl/account/profiel/"
    assert response.cookies["django_language"].value == "pl"
    resident.refresh_from_db()
    assert resident.language == "pl"


def test_a_language_that_is_not_listed_is_refused(client: Client, resident: User) -> None:
    client.force_login(resident)
    for language in ("ar", "xx", "../../etc"):
        assert client.post(PAGE, told(language=language)).context["form"].errors["language"]


def test_after_the_profile_one_goes_on_but_never_elsewhere(client: Client, resident: User) -> None:
    client.force_login(resident)
    assert client.post(f"{PAGE}?next=/nl/wijk/", told())["Location"] == "/nl/wijk/"
    assert client.post(f"{PAGE}?next=//elders.example", told())["Location"] == PAGE


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Ayşe \t  van   Dam ", "Ayşe van Dam"),
        ("Ay\u202eşe", "Ayşe"),
        ("\u2066Jan\u2069\u200f", "Jan"),
        ("Ja\x00n\x07\x1b", "Jan"),
        ("Jan\r\nBcc: x", "Jan Bcc: x"),
        ("J\u200ban\ufeff", "Jan"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200dJan\u200c", "Jan"),
        ("Zoe\u0308", "Zoë"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Fatma 👍", "Fatma 👍"),
    ],
)
def test_a_name_is_cleaned_of_what_cannot_be_seen(
    client: Client, resident: User, typed: str, stored: str
) -> None:
    client.force_login(resident)
    client.post(PAGE, told(display_name=typed))
    resident.refresh_from_db()
    if stored.startswith("<"):
        # Two slashes make it look like a link; where it does not, the page escapes it.
        assert resident.display_name in ("", stored)
    else:
        assert resident.display_name == stored
    assert "<script>alert" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 61,
        "x" * 900_000,
        "!!!",
        "123",
        "jan@example.org",
        "https://elders.example",
        "www.elders.nl",
        "06 1234 5678",
        "Moderator",
        "Gemeente Den Haag",
        "Z̴̨̛̗̞͉̞a̵l̷g̶o",
    ],
)
def test_a_name_that_cannot_stand_on_a_public_page_gets_a_sentence(
    client: Client, resident: User, typed: str
) -> None:
    client.force_login(resident)
    response = client.post(PAGE, told(display_name=typed))
    assert response.status_code == 200
    assert response.context["form"].errors["display_name"]
    resident.refresh_from_db()
    assert resident.display_name == ""


def test_a_refused_name_is_not_shown_as_the_person_on_the_page(
    client: Client, resident: User
) -> None:
    client.force_login(resident)
    response = client.post(PAGE, told(display_name="Moderator"))
    assert response.context["person"].public_name == resident.pseudonym


def test_who_is_younger_than_12_gets_a_kind_answer_and_nothing_is_stored(
    client: Client, resident: User
) -> None:
    client.force_login(resident)
    response = client.post(PAGE, told(age_band="0-11"))
    assert response.context["form"].errors["age_band"]
    resident.refresh_from_db()
    assert resident.age_band == ""
    assert resident.display_name == ""


@pytest.mark.parametrize("age_band", ["", "12-15"])
def test_under_16_or_unanswered_the_screen_shows_a_pseudonym(resident: User, age_band: str) -> None:
    person = actions.introduce(
        user=resident,
        display_name="Noor",
        kind="entrepreneur",
        business_name="Noors Taarten",
        age_band=age_band,
    )
    assert person.is_under_16
    assert person.public_name == person.pseudonym == str(person)


@pytest.mark.parametrize("age_band", ["16-17", "18-26", "27-54", "55+"])
def test_from_16_the_screen_shows_the_chosen_name(resident: User, age_band: str) -> None:
    person = actions.introduce(
        user=resident, display_name="Noor", kind="resident", business_name="", age_band=age_band
    )
    assert not person.is_under_16
    assert person.public_name == "Noor"


def test_the_age_is_asked_again_after_a_year(resident: User) -> None:
    now = timezone.now()
    assert resident.needs_age(now)
    person = actions.introduce(
        user=resident, display_name="", kind="resident", business_name="", age_band="12-15", now=now
    )
    assert not person.needs_age(now + timedelta(days=365))
    assert person.needs_age(now + timedelta(days=366))
    # Until answered again, what was told last still protects.
    assert person.is_under_16


def test_telling_the_same_age_again_confirms_it(resident: User) -> None:
    then = timezone.now() - timedelta(days=400)
    now = timezone.now()
    for moment in (then, now):
        person = actions.introduce(
            user=resident,
            display_name="",
            kind="resident",
            business_name="",
            age_band="18-26",
            now=moment,
        )
    assert person.age_confirmed_at == now


def test_when_posting_the_age_must_be_told() -> None:
    form = WhoYouAreForm({"kind": "resident", "display_name": "", "business_name": ""})
    assert set(form.errors) == {"age_band"}


def test_when_posting_a_visitor_without_account_can_say_who_they_are() -> None:
    form = WhoYouAreForm(
        {"kind": "entrepreneur", "business_name": " De\u202e Zon ", "age_band": "18-26"}
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["business_name"] == "De Zon"


def test_what_somebody_told_before_stands_in_the_form(resident: User) -> None:
    resident.display_name, resident.age_band = "Noor", "18-26"
    form = WhoYouAreForm(user=resident)
    assert form["display_name"].value() == "Noor"
    assert form["age_band"].value() == "18-26"


def test_checking_a_form_changes_nobody(resident: User) -> None:
    form = ProfileForm(told(display_name="Noor"), user=resident)
    assert form.is_valid()
    assert resident.display_name == ""


def test_the_profile_asks_for_no_date_of_birth_and_no_origin() -> None:
    names = {field.name for field in User._meta.get_fields()}
    assert not names & {"birth_date", "date_of_birth", "nationality", "origin", "bsn", "gender"}
