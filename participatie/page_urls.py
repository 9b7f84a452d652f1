"""Addresses under /<language>/ of the pages that bring several apps together."""

from django.urls import path

from participatie import views

urlpatterns = [
    path("", views.home, name="home"),
    path("wijk/", views.areas, name="areas"),
    path("wijk/<slug:slug>/", views.area, name="area"),
    path("wijk/<slug:slug>/cijfers.csv", views.area_sheet, name="area_sheet"),
    path("over/<slug:slug>/", views.page, name="page"),
    path("account/", views.my_page, name="account_home"),
]
