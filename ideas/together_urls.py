"""Addresses under /<language>/ about doing things together that are about no one initiative."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from ideas.views import helping, together

app_name = "together"

urlpatterns = [
    path("uitnodiging/<str:token>/", together.invitation, name="invitation"),
    path("hulp/", helping.overview, name="overview"),
    path("hulp/<number:pk>/", helping.conversation, name="conversation"),
    path("hulp/<number:pk>/sluiten/", helping.close, name="close"),
]
