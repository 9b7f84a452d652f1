"""Addresses without a language: files."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from contributions.decision_views import recording
from contributions.spoken_views import spoken
from contributions.views import picture

urlpatterns = [
    path("opname/<uuid:key>.m4a", recording, name="recording"),
    path("voorgelezen/<uuid:key>.m4a", spoken, name="spoken"),
    path("beeld/<uuid:key>/<int:width>.webp", picture, name="picture"),
]
