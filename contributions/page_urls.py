"""Addresses under /<language>/bericht/: pages about a text of any kind."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from contributions import spoken_views, views
from contributions.plain.views import hint

app_name = "contributions"

urlpatterns = [
    path("leesbaarheid/", hint, name="hint"),
    path("<number:dossier_pk>/geschiedenis/", views.history, name="history"),
    path("<number:dossier_pk>/hulp/", views.where_help_is, name="where_help_is"),
    path("<number:dossier_pk>/voorlezen/", spoken_views.speak, name="speak"),
    path(
        "<number:dossier_pk>/voorlezen/<uuid:key>/weg/",
        spoken_views.take_away,
        name="take_recording_away",
    ),
]
