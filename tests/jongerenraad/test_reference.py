"""The councils that the platform starts with."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from accounts.models import Organisation
from jongerenraad.loading import load_councils
from jongerenraad.models import Council

pytestmark = pytest.mark.django_db


def test_the_jongerenraad_is_there_from_the_start_in_every_language(client: Client):
    call_command("load_reference", verbosity=0)
    council = Council.objects.get(slug="jongerenraad")
    assert council.organisation.kind == Organisation.Kind.COUNCIL
    assert (council.quorum_percent, council.second_quorum_percent) == (50, 25)
    said = set()
    for language in settings.LISTED_LANGUAGES:
        with translation.override(language):
            assert council.name == "Jongerenraad"
            said.add(council.intro)
            assert council.intro[:40] in client.get(f"/{language}/jongerenraad/").content.decode()
    assert len(said) == len(settings.LISTED_LANGUAGES)


def test_loading_again_keeps_what_staff_changed():
    assert load_councils() == 1
    council = Council.objects.get()
    council.quorum_percent, council.intro_nl, council.intro_pl = 60, "Onze woorden.", ""
    council.save()
    Organisation.objects.update(name="De Jongerenraad van de regio")

    assert load_councils() == 0

    council.refresh_from_db()
    assert (council.quorum_percent, council.intro_nl) == (60, "Onze woorden.")
    assert council.intro_pl
    assert Organisation.objects.get().name == "De Jongerenraad van de regio"
