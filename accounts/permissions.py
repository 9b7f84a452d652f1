"""What a role opens in the admin, as data: a new kind of object is one more line here."""

from areas.models import Area

from .models import Role, User

_KEEP = ("view", "add", "change")
_ALL = ("view", "add", "change", "delete")

# Role → model ("app.model") → what may be done with it. Grants and rules of the house are never
# deleted: they are the record. Decisions about texts are not made in the admin at all.
ADMIN_RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    Role.ADMINISTRATOR: {
        "accounts.organisation": _KEEP,
        "accounts.organisationgrant": _KEEP,
        "accounts.user": ("view", "change"),
        "accounts.rolegrant": _KEEP,
        "areas.area": _KEEP,
        # Why texts of staff were hard to read: a record, so only to look at.
        "contributions.hardtext": ("view",),
        "contributions.nomachine": _ALL,
        # Who left is a number there: a record, so only to look at.
        "participatie.departure": ("view",),
    },
    Role.PROGRAMME_OFFICE: {
        "accounts.organisation": _KEEP,
        "accounts.organisationgrant": _KEEP,
        "areas.area": _KEEP,
        # What each reading of borders brought: a record, so only to look at.
        "areas.borderimport": ("view",),
        "budgets.closingdate": _ALL,
        "budgets.fund": _KEEP,
        "contributions.hardtext": ("view",),
        "contributions.houserule": _KEEP,
        "contributions.policyword": _ALL,
        "contributions.nomachine": _ALL,
        "contributions.savedreply": _ALL,
        "contributions.wordlist": _KEEP,
        "ideas.department": _KEEP,
        "jongerenraad.council": _KEEP,
        "jongerenraad.seat": _KEEP,
        "jongerenraad.term": _KEEP,
        "indicators.budgetline": _ALL,
        "indicators.indicator": _KEEP,
        "indicators.intervention": _ALL,
        "indicators.measurement": _ALL,
        "indicators.target": _ALL,
        "indicators.targetgroup": _ALL,
        "indicators.theme": _ALL,
        "participatie.page": _ALL,
    },
}


def admin_rights(user: User) -> set[str]:
    """Return a person's rights in the admin, as Django names them ("areas.change_area")."""
    rights: set[str] = set()
    for grant in user.current_grants:
        if not grant.opens_admin:
            continue
        for label, verbs in ADMIN_RIGHTS.get(grant.role, {}).items():
            app_label, model_name = label.split(".")
            rights.update(f"{app_label}.{verb}_{model_name}" for verb in verbs)
    return rights


def can_grant_roles(user: User) -> bool:
    """Say whether somebody may grant and end roles."""
    return "accounts.add_rolegrant" in admin_rights(user)


def can_grant_names(user: User) -> bool:
    """Say whether somebody may let people write in an organisation's name, and end it."""
    return "accounts.add_organisationgrant" in admin_rights(user)


def can_give_cards(user: User, *, area: Area | None = None, language: str = "") -> bool:
    """Say whether somebody may give cards, there and to who reads that language if given."""
    roles = (Role.MESSENGER, Role.PROGRAMME_OFFICE)
    return any(user.has_role(role, area=area, language=language) for role in roles)


def can_reset_pins(user: User) -> bool:
    """Say whether somebody may make a card for who forgot the PIN: they could sign in with it."""
    return user.has_role(Role.PROGRAMME_OFFICE)
