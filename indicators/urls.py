"""Addresses under /<language>/cijfers/."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from indicators import views

app_name = "indicators"

urlpatterns = [
    path("inlezen/", views.import_file, name="import"),
    path("inlezen/<number:pk>/", views.import_run, name="import_run"),
    path("inlezen/<number:pk>/geweigerd.csv", views.import_refused, name="import_refused"),
]
