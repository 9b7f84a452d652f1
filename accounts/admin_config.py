"""Puts the site's own admin in the place of Django's: apart, since models are not there yet."""

from django.contrib.admin.apps import AdminConfig


class RecordedAdminConfig(AdminConfig):
    """Django's admin, with every change on the record of acts."""

    default_site = "accounts.admin_site.RecordedSite"
