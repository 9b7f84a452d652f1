"""Sign-in and rights in one backend: both come from the account and its grants, nothing else."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.utils import timezone

from .models import User
from .permissions import admin_rights
from .second_factor import acts_for_others


class GrantBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no type hints
    """Signs people in with allauth and derives their rights in the admin from active grants.

    There are no superusers, groups or permissions of a single person here: a right that is not
    in a grant does not exist, so that the record of grants is the whole truth.
    """

    def get_user(self, user_id: int) -> User | None:
        people = User.objects.all()
        if settings.SECOND_FACTOR_REQUIRED:
            # In the same statement, so that asking it of every request costs none of its own.
            people = people.annotate(acts_for_others=acts_for_others(timezone.now()))
        person = people.filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None

    def get_user_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        return self.get_all_permissions(user_obj, obj)

    def get_group_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        return set()

    def get_all_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        # Rights per object are the business of each app's permissions.py.
        if obj is not None or not isinstance(user_obj, User) or not user_obj.is_active:
            return set()
        return admin_rights(user_obj)

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))
