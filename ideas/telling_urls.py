"""Addresses under /<language>/gesprekken/: talks at which a messenger writes down what is told."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from ideas.views import calling_back, telling

app_name = "tellings"

urlpatterns = [
    path("", telling.sessions, name="sessions"),
    path("nieuw/", telling.new, name="new"),
    path("nabellen/", calling_back.call_backs, name="call_backs"),
    path("nabellen/<number:pk>/", calling_back.call_back, name="call_back"),
    path("kanalen/", calling_back.by_channel, name="by_channel"),
    path("<number:pk>/", telling.session, name="session"),
    path("<number:pk>/bewijsjes/<number:telling_pk>/", telling.slip, name="slip"),
    path("<number:pk>/sluiten/", telling.close, name="close"),
    path("<number:pk>/openen/", telling.reopen, name="reopen"),
]
