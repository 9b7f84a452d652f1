"""Addresses of a council, under /<language>/<council>/."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from jongerenraad.views import office, opening, own, public, voting

app_name = "jongerenraad"

urlpatterns = [
    path("", public.council, name="council"),
    path("leden/<number:pk>/foto/", public.portrait, name="portrait"),
    path("stemmingen/", voting.matters, name="matters"),
    path("stemmingen/nieuw/", opening.open_vote, name="open_vote"),
    path("stemmingen/<number:pk>/", voting.matter, name="matter"),
    path("stemmingen/<number:pk>/opnieuw/", opening.second_vote, name="second_vote"),
    path("stemmingen/<number:pk>/minderheid/", opening.minority_view, name="minority_view"),
    path("voor-leden/", own.for_members, name="for_members"),
    path("mijn-zetel/", own.my_seat, name="my_seat"),
    path("mijn-zetel/foto/", own.agree_to_portrait, name="agree_to_portrait"),
    path("mijn-zetel/foto/weg/", own.withdraw_portrait, name="withdraw_portrait"),
    path("mijn-zetel/stoppen/", own.step_down, name="step_down"),
    path("leden/", office.members, name="members"),
    path("leden/benoemen/", office.appoint, name="appoint"),
    path("leden/<number:pk>/", office.membership, name="membership"),
    path("leden/<number:pk>/einde/", office.end, name="end_membership"),
    path("leden/<number:pk>/foto/weg/", office.take_portrait_away, name="take_portrait_away"),
]
