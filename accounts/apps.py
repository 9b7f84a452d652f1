from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and roles")

    def ready(self) -> None:
        from accounts import organisations, privacy, second_factor
        from accounts.models import OrganisationGrant, RoleGrant

        organisations.register("grants", organisations.granted_to)
        second_factor.register(
            "roles", second_factor.acting_by_role, model=RoleGrant, person="user"
        )
        second_factor.register(
            "organisations",
            second_factor.writing_for_others,
            model=OrganisationGrant,
            person="user",
        )
        privacy.declare()
