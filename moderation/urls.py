"""Addresses under /<language>/moderatie/."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from moderation import appeals, measures, views

app_name = "moderation"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("herbeoordelingen/", appeals.appeals, name="appeals"),
    path("herbeoordelingen/<number:pk>/", appeals.appeal, name="appeal"),
    path("herbeoordelingen/<number:pk>/pakken/", appeals.claim, name="claim_appeal"),
    path("maatregelen/", measures.measures, name="measures"),
    path("maatregelen/<number:pk>/", measures.measure, name="measure"),
    path("maatregelen/<number:pk>/akkoord/", measures.agree, name="agree_measure"),
    path("<number:dossier_pk>/", views.item, name="item"),
]
