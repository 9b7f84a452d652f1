"""Addresses under /<language>/melding/: reporting, and the receipt of it."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from contributions import report_views

app_name = "reports"

urlpatterns = [
    path("<number:dossier_pk>/", report_views.report_text, name="text"),
    path("beeld/<uuid:key>/", report_views.report_picture, name="picture"),
    path("bewijs/<slug:token>/", report_views.receipt, name="receipt"),
]
