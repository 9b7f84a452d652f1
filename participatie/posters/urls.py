"""Addresses under /<language>/poster/."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from participatie.posters import views

app_name = "posters"

urlpatterns = [
    path("vel/<uuid:key>/", views.sheet, name="sheet"),
    path("vel/<uuid:key>/bestand/", views.file, name="file"),
    path("<slug:word>/<number:pk>/", views.ask, name="ask"),
]
