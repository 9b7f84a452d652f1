"""Addresses under /<language>/vertaling/: texts in other languages, and who makes them so."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from contributions import translation_views

app_name = "translations"

urlpatterns = [
    path("", translation_views.waiting, name="waiting"),
    path("lezen/", translation_views.proposed, name="proposed"),
    path("voorstel/<number:pk>/", translation_views.proposal, name="proposal"),
    path("<number:dossier_pk>/", translation_views.show, name="show"),
    path("<number:dossier_pk>/schrijven/", translation_views.write, name="write"),
    path("<number:dossier_pk>/weghalen/", translation_views.remove, name="remove"),
]
