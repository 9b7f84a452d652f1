"""Addresses under /<language>/beslissingen/: what was decided about oneself."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from contributions import decision_views as views

app_name = "decisions"

urlpatterns = [
    path("", views.decisions, name="list"),
    path("<number:pk>/", views.decision, name="decision"),
    path("<number:pk>/herbeoordeling/", views.appeal, name="appeal"),
    path("maatregel/<number:pk>/", views.measure, name="measure"),
    path("maatregel/<number:pk>/herbeoordeling/", views.appeal_measure, name="appeal_measure"),
]
