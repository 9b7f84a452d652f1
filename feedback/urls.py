"""Addresses about figures in an area, under /<language>/wijk/<area>/, and about experiences."""

from django.urls import include, path

import areas.converters  # noqa: F401  (registers <number:…>)
from feedback.views import figures, office, remarks

app_name = "feedback"

figure_patterns = [
    path("", figures.figure, name="figure"),
    path("vertel/", remarks.tell, name="tell"),
    path("initiatief/", remarks.make_initiative, name="make_initiative"),
    path("antwoord/", office.respond, name="respond"),
]

urlpatterns = [
    path("wijk/<slug:slug>/ervaringen/", figures.answer, name="answer"),
    path("wijk/<slug:slug>/<slug:figure>/", include(figure_patterns)),
    path("ervaringen/", office.overview, name="overview"),
    path("ervaringen/ervaringen.csv", office.overview_sheet, name="overview_sheet"),
    path("ervaringen/<number:pk>/", remarks.remark, name="remark"),
    path("ervaringen/<number:pk>/intrekken/", remarks.take_remark_away, name="take_remark_away"),
    path("ervaringen/antwoorden/<number:pk>/", office.response, name="response"),
]
