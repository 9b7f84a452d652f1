"""Addresses under /<language>/bewijsje/: what somebody told, opened with the slip of it."""

from django.urls import path

from contributions import slip_views as views

app_name = "slips"

urlpatterns = [
    path("", views.enter, name="enter"),
    path("bericht/", views.told, name="told"),
    path("bericht/wijzigen/", views.change, name="change"),
    path("bericht/intrekken/", views.withdraw, name="withdraw"),
    path("bericht/meenemen/", views.claim, name="claim"),
    path("weg/", views.leave, name="leave"),
    # The one that is scanned.
    path("<slug:code>/", views.scanned, name="scanned"),
]
