"""Addresses under /<language>/account/op-dit-toestel/."""

from django.urls import path

from notifications import push_views

app_name = "push"

urlpatterns = [
    path("aan/", push_views.on, name="on"),
    path("uit/", push_views.off, name="off"),
]
