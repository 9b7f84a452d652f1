"""Addresses without a language: files."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from contributions.views import picture

urlpatterns = [
    path("beeld/<uuid:key>/<int:width>.webp", picture, name="picture"),
]
