"""People with an account, who tell no more than each field needs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import pseudonyms
from areas.models import Area, is_within

from .roles import SUMMARY_READERS

if TYPE_CHECKING:
    from .grants import RoleGrant


# Domain rule: an age band is confirmed yearly, since people grow out of it.
AGE_HOLDS_FOR = timedelta(days=365)


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Lower the whole address: no mailbox in use tells capitals apart, and people mix them."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person with a free pseudonym; without a password they sign in by code.

        Raises ``ValueError`` without an address and ``IntegrityError`` when it is taken.
        """
        address = self.normalize_email(email)
        if not address:
            raise ValueError("An account needs an e-mail address, or a card.")
        return self._create(address, password, fields)

    def create_without_address(self, **fields: Any) -> "User":
        """Create a person with a free pseudonym who signs in by a card alone."""
        return self._create(None, None, fields)

    def _create(self, address: str | None, password: str | None, fields: dict[str, Any]) -> "User":
        if not fields.get("pseudonym"):
            fields["pseudonym"] = pseudonyms.choose(
                lambda name: self.filter(pseudonym=name).exists()
            )
        user = self.model(email=address, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person with an account, who tells no more than each field needs.

    ``age_band`` is a life phase and never a birth date; empty counts as under 16.
    """

    class Kind(models.TextChoices):
        RESIDENT = "resident", _("Resident")
        ENTREPRENEUR = "entrepreneur", _("Entrepreneur")

    class AgeBand(models.TextChoices):
        FROM_12 = "12-15", _("12 to 15 years")
        FROM_16 = "16-17", _("16 or 17 years")
        FROM_18 = "18-26", _("18 to 26 years")
        FROM_27 = "27-54", _("27 to 54 years")
        FROM_55 = "55+", _("55 years or older")

    #: Who did not tell an age counts as under 16.
    UNDER_16 = ("", AgeBand.FROM_12)

    # None for who signs in by a card: they have no address, and no mail goes to them.
    email = models.EmailField(_("e-mail address"), unique=True, null=True)
    display_name = models.CharField(_("name on screen"), max_length=60, blank=True)
    pseudonym = models.CharField(
        _("pseudonym"), max_length=40, unique=True, default=pseudonyms.generate
    )
    kind = models.CharField(
        _("takes part as"), max_length=20, choices=Kind.choices, default=Kind.RESIDENT
    )
    business_name = models.CharField(_("business name"), max_length=80, blank=True)
    area = models.ForeignKey(
        Area,
        verbose_name=_("neighbourhood"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
    )
    age_band = models.CharField(_("age"), max_length=10, choices=AgeBand.choices, blank=True)
    age_confirmed_at = models.DateTimeField(_("age confirmed at"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, default="nl")
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    # By a moderator's decision: the pseudonym stands in their place.
    names_hidden_at = models.DateTimeField(_("names hidden at"), null=True, editable=False)
    # Who left is an emptied row: its number stays on the record, and in what was counted.
    left_at = models.DateTimeField(_("left at"), null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(name="user_email_is_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="user_kind_is_known", condition=Q(kind__in=["resident", "entrepreneur"])
            ),
            models.CheckConstraint(
                name="user_business_name_is_an_entrepreneurs",
                condition=Q(business_name="") | Q(kind="entrepreneur"),
            ),
            models.CheckConstraint(
                name="user_age_band_is_known",
                condition=Q(age_band__in=["", "12-15", "16-17", "18-26", "27-54", "55+"]),
            ),
            models.CheckConstraint(
                name="user_age_band_has_its_moment",
                condition=Q(age_band="", age_confirmed_at__isnull=True)
                | (~Q(age_band="") & Q(age_confirmed_at__isnull=False)),
            ),
            models.CheckConstraint(name="user_has_a_pseudonym", condition=~Q(pseudonym="")),
        ]

    def __str__(self) -> str:
        # The address would be the default, and would end up on screens and in logs.
        return self.public_name

    @property
    def is_under_16(self) -> bool:
        return self.age_band in self.UNDER_16

    def needs_age(self, now: datetime) -> bool:
        """Say whether to ask for the age band: never answered, or over a year ago."""
        return self.age_confirmed_at is None or self.age_confirmed_at < now - AGE_HOLDS_FOR

    @property
    def public_name(self) -> str:
        """The name that others see.

        Under 16, and where a moderator hid the names, it is the pseudonym, whatever was filled in.
        """
        if self.left_at is not None:
            return gettext("Somebody who has left")
        if self.is_under_16 or self.names_hidden_at is not None:
            return self.pseudonym
        if self.kind == self.Kind.ENTREPRENEUR and self.business_name:
            return self.business_name
        return self.display_name or self.pseudonym

    @property
    def has_confirmed_address(self) -> bool:
        """Whether the person proved to read mail at the account's address (one query at most).

        For what needs an address; taking part does not (``is_confirmed``).
        """
        if self.email is None:
            return False
        # Known already of the person of a session (accounts.backends).
        if self.__dict__.get("proved_email") == self.email:
            return True
        addresses = cast(Any, self).emailaddress_set  # allauth's, without type hints
        return bool(addresses.filter(email=self.email, verified=True).exists())

    @property
    def holds_card(self) -> bool:
        """Whether the person signs in by a card, with a PIN of their own (one query at most)."""
        if self.email is not None:
            # A card is for who has no address, and ends when there is one.
            return False
        # Known already of the person of a session (accounts.backends).
        known = self.__dict__.get("card_in_use")
        if known is not None:
            return bool(known)
        return bool(cast(Any, self).cards.in_use().exclude(pin="").exists())

    @property
    def is_confirmed(self) -> bool:
        """Whether the person may take part: by a confirmed address or by a card.

        One query at most.
        """
        return self.holds_card if self.email is None else self.has_confirmed_address

    @cached_property
    def current_grants(self) -> "Sequence[RoleGrant]":
        """The grants in force when first asked, for as long as this instance lives (one query)."""
        if self.pk is None or not self.is_active:
            return ()
        return tuple(self.grants.current(timezone.now()))

    @cached_property
    def area_parents(self) -> dict[int, int | None]:
        """Every area's parent, read once for all that a request asks of this person's grants."""
        parents: dict[int, int | None] = Area.objects.parents()
        return parents

    def grants_of(
        self, role: str, *, area: Area | None = None, language: str = ""
    ) -> "list[RoleGrant]":
        """Return the current grants of a role that cover an area and a language.

        Without ``area`` or ``language`` that side of the scope is left open. A grant for an area
        covers what lies inside it; the tree is read (one query) only when a grant names another
        area than the one asked about.
        """
        return [
            grant
            for grant in self.current_grants
            if grant.role == role
            and (not language or grant.language in ("", language))
            and (area is None or self._covers(grant, area))
        ]

    def _covers(self, grant: "RoleGrant", area: Area) -> bool:
        if grant.area_id is None or grant.area_id == area.pk:
            return True
        return is_within(area.pk, grant.area_id, self.area_parents)

    def has_role(self, role: str, *, area: Area | None = None, language: str = "") -> bool:
        """Say whether a current grant gives this role, there and in that language if given."""
        return bool(self.grants_of(role, area=area, language=language))

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens for this person; it follows from the grants."""
        return any(grant.opens_admin for grant in self.current_grants)

    @property
    def reads_summaries(self) -> bool:
        """Whether this person reads staff's summaries, which hold no persons."""
        return any(grant.role in SUMMARY_READERS for grant in self.current_grants)

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.is_active and any(
            backend.has_perm(self, perm, obj) for backend in get_backends()
        )

    def has_perms(self, perm_list: Sequence[str], obj: models.Model | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and any(
            cast(Any, backend).has_module_perms(self, app_label) for backend in get_backends()
        )
