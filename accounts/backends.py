"""Sign-in and rights in one backend: both come from the account and its grants, nothing else."""

from functools import cache
from typing import Any, cast

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from .models import User
from .permissions import admin_rights
from .second_factor import ever_acting

#: Asked with each request of somebody signed in, so it is written out: putting it together anew
#: would take several times as long as answering it.
_PERSON = """
    SELECT accounts_user.*,
        EXISTS (
            SELECT 1 FROM accounts_rolegrant WHERE accounts_rolegrant.user_id = accounts_user.id
        ) AS ever_granted,
        ({acting}) AS ever_acting,
        (
            SELECT address.email FROM account_emailaddress AS address
            WHERE address.user_id = accounts_user.id
                AND address.email = accounts_user.email AND address.verified
            LIMIT 1
        ) AS proved_email,
        (accounts_user.email IS NULL AND EXISTS (
            SELECT 1 FROM accounts_card AS card
            WHERE card.user_id = accounts_user.id AND card.ended_at IS NULL AND card.pin <> ''
        )) AS card_in_use
    FROM accounts_user WHERE accounts_user.id = %s
"""


@cache
def _person() -> str:
    """Return the statement, with what each app declared at start-up."""
    return _PERSON.format(acting=ever_acting())


class GrantBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no type hints
    """Signs people in with allauth and derives their rights in the admin from active grants.

    There are no superusers, groups or permissions of a single person here: a right that is not
    in a grant does not exist, so that the record of grants is the whole truth.
    """

    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session, with what nearly every page asks about them."""
        user = next(iter(User.objects.raw(_person(), [user_id])), None)
        if user is None or not self.user_can_authenticate(user):
            return None
        if not cast("Any", user).ever_granted:
            user.current_grants = ()
        if not cast("Any", user).ever_acting:
            cast("Any", user).acts_for_others = False
        return user

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
