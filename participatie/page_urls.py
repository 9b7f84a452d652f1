"""Addresses under /<language>/ of the pages that bring several apps together."""

from django.urls import path

import areas.converters  # noqa: F401  (registers <number:…>)
from participatie import views

urlpatterns = [
    path("", views.home, name="home"),
    path("zoeken/", views.search, name="search"),
    path("voorbeeld.png", views.site_preview, name="site_preview"),
    path("wijk/", views.areas, name="areas"),
    path("wijk/<slug:slug>/", views.area, name="area"),
    path("wijk/<slug:slug>/cijfers.csv", views.area_sheet, name="area_sheet"),
    path("organisatie/<number:pk>/", views.organisation, name="organisation"),
    path("over/<slug:slug>/", views.page, name="page"),
    path("account/", views.my_page, name="account_home"),
]
