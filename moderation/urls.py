"""Addresses under /<language>/moderatie/."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from moderation import views

app_name = "moderation"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("<number:dossier_pk>/", views.item, name="item"),
]
