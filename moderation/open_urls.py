"""Addresses under /<language>/hoe-we-modereren/."""

from django.urls import path

from moderation import openness

app_name = "openness"

urlpatterns = [
    path("", openness.how, name="how"),
    path("cijfers/", openness.figures, name="figures"),
    path("cijfers.csv", openness.figures_sheet, name="sheet"),
]
