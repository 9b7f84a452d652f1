"""Addresses under /<language>/moderatie/."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from moderation import act_views, appeals, measures, views

app_name = "moderation"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("stand/", views.waiting, name="waiting"),
    path("volgende/", act_views.next_one, name="next"),
    path("samen/", act_views.together, name="together"),
    path("terugdraaien/<number:decision_pk>/", act_views.undo_decision, name="undo"),
    path("herbeoordelingen/", appeals.appeals, name="appeals"),
    path("herbeoordelingen/<number:pk>/", appeals.appeal, name="appeal"),
    path("herbeoordelingen/<number:pk>/pakken/", appeals.claim, name="claim_appeal"),
    path("maatregelen/", measures.measures, name="measures"),
    path("maatregelen/<number:pk>/", measures.measure, name="measure"),
    path("maatregelen/<number:pk>/akkoord/", measures.agree, name="agree_measure"),
    path("<number:dossier_pk>/", views.item, name="item"),
    path("<number:dossier_pk>/lezen/", act_views.begin, name="begin"),
    path("<number:dossier_pk>/terugleggen/", act_views.put_back, name="put_back"),
    path("<number:dossier_pk>/notitie/", act_views.note, name="note"),
    path("<number:dossier_pk>/vertalen/", act_views.translate, name="translate"),
]
