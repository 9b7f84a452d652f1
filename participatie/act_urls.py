"""Addresses under /<language>/beheer/handelingen/."""

from django.urls import path

from participatie import act_views

app_name = "acts"

urlpatterns = [
    path("", act_views.index, name="list"),
    path("handelingen.csv", act_views.sheet, name="sheet"),
]
