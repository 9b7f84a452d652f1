"""Accounts and their made-up names, as the database keeps them."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import pseudonyms
from accounts.models import User

pytestmark = pytest.mark.django_db


def test_a_pseudonym_is_a_word_and_a_number() -> None:
    word, number = pseudonyms.generate().rsplit(" ", 1)
    assert word in pseudonyms.WORDS
    assert number.isdigit()


def test_everybody_gets_a_pseudonym_of_their_own() -> None:
    people = [User.objects.create_user(f"p{n}@example.org") for n in range(60)]
    assert len({person.pseudonym for person in people}) == 60


def test_a_taken_pseudonym_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.create_user("eerste@example.org", pseudonym="Merel 274")
    drawn = iter(["Merel 274", "Merel 274", "Eik 915"])
    monkeypatch.setattr(pseudonyms, "generate", lambda _digits=6: next(drawn))
    assert User.objects.create_user("tweede@example.org").pseudonym == "Eik 915"


def test_a_pseudonym_does_not_look_like_an_age() -> None:
    assert all(int(pseudonyms.generate(3).rsplit(" ", 1)[1]) >= 100 for _ in range(200))


def test_an_account_never_shows_its_address() -> None:
    assert "@" not in str(User.objects.create_user("buur@example.org"))


def test_an_account_needs_an_address() -> None:
    with pytest.raises(ValueError, match="address"):
        User.objects.create_user(" ")


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "BUUR@example.org"},
        {"kind": "mayor"},
        {"business_name": "Bakkerij", "kind": "resident"},
        {"age_band": "40-41", "age_confirmed_at": timezone.now()},
        {"age_band": "18-26", "age_confirmed_at": None},
        {"age_band": "", "age_confirmed_at": timezone.now()},
        {"pseudonym": ""},
    ],
)
def test_the_database_refuses_what_cannot_be(fields: dict[str, object]) -> None:
    user = User.objects.create_user("buur@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(**fields)


@pytest.mark.parametrize("same", ["email", "pseudonym"])
def test_two_people_share_no_address_and_no_pseudonym(same: str) -> None:
    first = User.objects.create_user("een@example.org")
    second = User.objects.create_user("twee@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=second.pk).update(**{same: getattr(first, same)})
