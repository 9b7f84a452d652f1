"""People and roles as the administrator sees them: much to read, little to change."""

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from areas.models import Area

from . import actions, factors, notices
from .models import Organisation, OrganisationGrant, Role, RoleGrant, User

EVERYWHERE = "all"

# The admin's own form would check passwords without counting the attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def _own_password_page(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    return redirect("account_change_password")


# Neither would it count the guesses at the password that somebody has.
admin.site.password_change = _own_password_page  # type: ignore[method-assign,assignment]
admin.site.password_change_done = _own_password_page  # type: ignore[method-assign,assignment]


class GrantedForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Something granted to somebody for a while.

    The person is named by their address: a list to pick from would show everybody's.
    """

    granter: User
    to_oneself: Promise
    ends_too_soon: Promise

    email = forms.EmailField(
        label=_("E-mail address of the person"),
        help_text=_("Somebody who has signed in here before."),
    )
    starts_at = forms.SplitDateTimeField(
        label=_("From"), initial=timezone.now, widget=AdminSplitDateTime
    )
    ends_at = forms.SplitDateTimeField(label=_("Until"), required=False, widget=AdminSplitDateTime)

    def clean_email(self) -> str:
        email = User.objects.normalize_email(self.cleaned_data["email"])
        person = User.objects.filter(email=email).first()
        if person is None:
            raise ValidationError(
                _("Nobody with this address has an account. Ask them to sign in once.")
            )
        if person.pk == self.granter.pk:
            raise ValidationError(str(self.to_oneself))
        self.instance.user = person
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", str(self.ends_too_soon))
        self.instance.granted_by = self.granter
        return cleaned


class GrantForm(GrantedForm):
    """A role for somebody. Each side of the scope is chosen on purpose, "everywhere" too."""

    to_oneself = _("You cannot grant a role to yourself. Ask another administrator.")
    ends_too_soon = _("The role must end after it begins.")

    role = forms.ChoiceField(label=_("Role"))
    area_choice = forms.ChoiceField(
        label=_("Area"), help_text=_("The role holds there and in everything inside it.")
    )
    language_choice = forms.ChoiceField(label=_("Language"))

    class Meta:
        model = RoleGrant
        fields = ("role", "starts_at", "ends_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = [("", "---------")]
        areas = [(str(pk), name) for pk, name in Area.objects.values_list("pk", "name")]
        languages = list(settings.CONTENT_LANGUAGES)
        for name, choices in {
            "role": [*nothing, *Role.choices],
            "area_choice": [*nothing, (EVERYWHERE, _("All areas")), *areas],
            "language_choice": [*nothing, (EVERYWHERE, _("All languages")), *languages],
        }.items():
            cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        role = cleaned.get("role")
        area, language = cleaned.get("area_choice"), cleaned.get("language_choice")
        if role == Role.MESSENGER and language == EVERYWHERE:
            self.add_error("language_choice", _("A trusted messenger speaks one language: choose."))
        if role == Role.ADMINISTRATOR and not (area == language == EVERYWHERE):
            self.add_error(
                "role", _("An administrator's role holds for all areas and all languages.")
            )
        self.instance.area_id = int(area) if area and area != EVERYWHERE else None
        self.instance.language = language if language and language != EVERYWHERE else ""
        return cleaned


class NameGrantForm(GrantedForm):
    """The right to write in an organisation's name, for somebody."""

    to_oneself = _("You cannot grant this to yourself. Ask somebody else.")
    ends_too_soon = _("The right must end after it begins.")

    class Meta:
        model = OrganisationGrant
        fields = ("organisation", "starts_at", "ends_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who writes for a council follows from its seats.
        organisation = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
        organisation.queryset = Organisation.objects.exclude(kind=Organisation.Kind.COUNCIL)


class RecordOfGrants(admin.ModelAdmin):  # type: ignore[type-arg]
    """Grants are added and ended; the record of what was stays as it is."""

    form: type[GrantedForm]
    asked: tuple[str, ...]
    # The whole address: a search by part of one would be a way to browse them.
    search_fields = ("user__email__exact", "user__pseudonym")
    ordering = ("-starts_at", "-pk")
    actions = ("end_now",)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        if obj is None:
            return self.asked
        return self.get_readonly_fields(request, obj)

    def get_form(
        self,
        request: HttpRequest,
        obj: Model | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> "type[forms.ModelForm[Model]]":
        if obj is not None:
            kwargs["form"] = forms.ModelForm
            return super().get_form(request, obj, change=change, **kwargs)
        # A class per request: the form asks who is granting.
        return type(f"{self.form.__name__}For", (self.form,), {"granter": request.user})

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        return () if obj is None else (*cast("tuple[str, ...]", self.list_display), "created_at")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Say whether ending is offered (Django asks by this name)."""
        return bool(request.user.has_perm(f"accounts.change_{self.opts.model_name}"))


@admin.register(RoleGrant)
class RoleGrantAdmin(RecordOfGrants):
    """Who has which role, where and for how long."""

    form = GrantForm
    asked = ("email", "role", "area_choice", "language_choice", "starts_at", "ends_at")
    list_display = ("user", "role", "area", "language", "starts_at", "ends_at", "granted_by")
    list_filter = ("role", "area", "language")
    list_select_related = ("user", "area", "granted_by")

    def save_model(self, request: HttpRequest, obj: RoleGrant, form: Any, change: bool) -> None:
        grant = actions.grant_role(
            granted_by=cast(User, request.user),
            user=obj.user,
            role=obj.role,
            area=obj.area,
            language=obj.language,
            starts_at=obj.starts_at,
            ends_at=obj.ends_at,
        )
        obj.pk = grant.pk

    @admin.action(description=_("End the chosen roles now"), permissions=["end"])
    def end_now(self, request: HttpRequest, queryset: QuerySet[RoleGrant]) -> None:
        for grant in queryset.order_by("pk"):
            try:
                actions.end_grant(grant=grant, ended_by=cast(User, request.user))
            except actions.GrantIsOver:
                continue
            except actions.LastAdministrator:
                messages.error(
                    request,
                    gettext("The last administrator stays: grant the role to somebody else first."),
                )
                continue
            self.log_change(request, grant, gettext("Ended."))


@admin.register(OrganisationGrant)
class OrganisationGrantAdmin(RecordOfGrants):
    """Who may write in whose name, and for how long."""

    form = NameGrantForm
    asked = ("email", "organisation", "starts_at", "ends_at")
    list_display = ("user", "organisation", "starts_at", "ends_at", "granted_by")
    list_filter = ("organisation",)
    list_select_related = ("user", "organisation", "granted_by")

    def save_model(
        self, request: HttpRequest, obj: OrganisationGrant, form: Any, change: bool
    ) -> None:
        grant = actions.grant_name(
            granted_by=cast(User, request.user),
            user=obj.user,
            organisation=obj.organisation,
            starts_at=obj.starts_at,
            ends_at=obj.ends_at,
        )
        obj.pk = grant.pk

    @admin.action(description=_("End the chosen rights now"), permissions=["end"])
    def end_now(self, request: HttpRequest, queryset: QuerySet[OrganisationGrant]) -> None:
        for grant in queryset.order_by("pk"):
            try:
                actions.end_name_grant(grant=grant, ended_by=cast(User, request.user))
            except actions.GrantIsOver:
                continue
            self.log_change(request, grant, gettext("Ended."))


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """In whose name people write; a new name stands at once beside all that was written in it."""

    view_on_site = False
    list_display = ("name", "kind")
    list_filter = ("kind",)
    search_fields = ("name",)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who somebody is; an administrator can close an account, and change nothing else."""

    list_display = ("public_name", "kind", "area", "language", "created_at", "is_active")
    list_filter = ("is_active", "kind", "area")
    list_select_related = ("area",)
    # The whole address or a name: a search by part of an address would be a way to browse them.
    # Not by the names people fill in: those of the young are shown to nobody.
    search_fields = ("email__exact", "pseudonym")
    ordering = ("-created_at", "-pk")
    fields = (
        "email",
        "public_name",
        "pseudonym",
        "names_told",
        "kind",
        "area",
        "language",
        "created_at",
        "last_login",
        "is_active",
    )
    readonly_fields = fields[:-1]
    actions = ("take_second_step_away",)

    @admin.action(description=_("Take the second step away, after a call"), permissions=["change"])
    def take_second_step_away(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset.order_by("pk"):
            try:
                factors.reset(user=user, by=cast(User, request.user))
            except factors.FactorRefused as refusal:
                messages.error(request, str(refusal.message))
                continue
            notices.send("safety_changed", user.email, user, what="reset")
            self.log_change(request, user, gettext("Second step taken away."))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        # An administrator's role is ended first, which keeps the last one: nobody locks all out.
        if obj is not None and obj.has_role(Role.ADMINISTRATOR):
            return self.fields
        return self.readonly_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    @admin.display(description=_("Name on screen"))
    def public_name(self, user: User) -> str:
        return user.public_name

    @admin.display(description=_("name on screen"))
    def names_told(self, user: User) -> str:
        if user.is_under_16:
            return ""
        return ", ".join(name for name in (user.display_name, user.business_name) if name)
