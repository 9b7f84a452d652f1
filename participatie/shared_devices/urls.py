"""Addresses under /<language>/gedeeld/."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from participatie.shared_devices import views

app_name = "shared_devices"

urlpatterns = [
    path("", views.start, name="start"),
    path("kiezen/", views.choose, name="choose"),
    path("bedankt/", views.thanks, name="thanks"),
    path("verder/", views.go_on, name="go_on"),
    path("stoppen/", views.stop, name="stop"),
    path("beginnen/", views.begin, name="begin"),
    path("<number:pk>/stoppen/", views.end, name="end"),
]
