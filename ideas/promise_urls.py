"""Addresses under /<language>/ of what was promised."""

from django.urls import path

from ideas.views import promises

app_name = "promises"

urlpatterns = [
    path("beloftes/", promises.index, name="list"),
    path("beloftes/lijst.csv", promises.sheet, name="sheet"),
    path("opvolging/", promises.work, name="work"),
    path("opvolging/lijst.csv", promises.work_sheet, name="work_sheet"),
]
