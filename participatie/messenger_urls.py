"""Addresses under /<language>/contactpersoon/."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from participatie import messenger_views as views

app_name = "messengers"

urlpatterns = [
    path("", views.start, name="start"),
    path("vraag/<number:pk>/", views.question, name="question"),
    path("vragen/", views.questions, name="questions"),
    path("vragen/nieuw/", views.ask, name="ask"),
    path("vragen/<number:pk>/stoppen/", views.end, name="end"),
]
