"""How the contributions of this app take part in what all contributions share."""

import datetime
from typing import Any

from django.db.models import F, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from areas.models import Area
from contributions.deadlines import today
from contributions.differences import Names, language_part, picture_parts
from contributions.kinds import FreeField, Kind, Part, Searched, all_of_them
from contributions.models import Contribution
from contributions.text import markdown_to_text
from ideas.models import Comment, Initiative, OfficialAnswer, ProgressReport, Update
from ideas.near import near_doubles
from ideas.notices import tell_of_comment, tell_of_initiative, tell_of_update
from indicators.models import Indicator, TargetGroup, Theme


def _start_gathering_support(initiative: Initiative, now: datetime.datetime) -> None:
    """Copy the area's terms at the first publication, and tell people of it.

    Coming back later never moves the terms.
    """
    if initiative.closes_on is not None or initiative.area is None:
        return
    tell_of_initiative(initiative, now)
    initiative.threshold = initiative.area.support_threshold
    initiative.closes_on = today(now) + datetime.timedelta(days=initiative.area.support_days)


def _forget_terms(initiative: Initiative) -> None:
    """Let the time to support begin anew, where the only publication of it was undone."""
    if initiative.published_at is None:
        initiative.closes_on = None


def _initiative_parts(initiative: Initiative) -> list[Part]:
    groups = ", ".join(str(group) for group in initiative.target_groups.all())
    return _filled(
        Part(_("Title"), initiative.title),
        Part(_("Story"), initiative.text),
        Part(_("Theme"), str(initiative.theme or "")),
        Part(_("About the figure"), str(initiative.indicator or "")),
        Part(_("For whom"), groups),
        Part(_("Street or place"), initiative.address_line if initiative.shows_place else ""),
        Part(_("Map"), _pin(initiative)),
        Part(_("Help that is wanted"), initiative.help_wanted),
    )


def _pin(initiative: Initiative) -> str:
    """Return where the pin stands, as a moderator can look it up."""
    if not initiative.shows_place or initiative.latitude is None:
        return ""
    return f"{initiative.latitude}, {initiative.longitude}"


def _searched(initiative: Initiative) -> Searched:
    """Return what search finds it by: never its place, which its author's age decides about."""
    text = " ".join(map(markdown_to_text, filter(None, (initiative.text, initiative.help_wanted))))
    return Searched(initiative.title, text)


def _initiative_revision_parts(
    initiative: Initiative, before: dict[str, Any], data: dict[str, Any], names: Names
) -> list[Part]:
    def words(label: str, field: str) -> Part:
        return Part(label, str(data.get(field) or ""), str(before.get(field) or ""))

    def named(label: str, field: str, model: type[Model]) -> Part:
        if data.get(field) == before.get(field):
            return Part(label, "")
        return Part(
            label, names.of(model, data.get(field)), names.of(model, before.get(field)), "whole"
        )

    def group_names(values: dict[str, Any]) -> str:
        return ", ".join(names.of(TargetGroup, pk) for pk in values.get("target_groups", []))

    groups = Part(_("For whom"), "")
    if data.get("target_groups") != before.get("target_groups"):
        groups = Part(groups.label, group_names(data), group_names(before), "items")
    parts = [
        words(_("Title"), "title"),
        words(_("Story"), "text"),
        language_part(before, data),
        named(_("Neighbourhood"), "area", Area),
        named(_("Theme"), "theme", Theme),
        named(_("About the figure"), "indicator", Indicator),
        groups,
        words(_("Help that is wanted"), "help_wanted"),
    ]
    if initiative.shows_place:
        parts += [
            words(_("Street or place"), "address_line"),
            Part(_("Map"), _pin_of(data), _pin_of(before), "whole"),
        ]
    return parts + picture_parts(before, data)


def _pin_of(values: dict[str, Any]) -> str:
    pin = (values.get("latitude"), values.get("longitude"))
    return "" if None in pin else ", ".join(map(str, pin))


def revise_initiative(initiative: Initiative, data: dict[str, Any]) -> None:
    """Write the values of a revision to an initiative, without saving it."""
    initiative.set_title(data["title"])
    for name in ("text", "language", "address_line", "help_wanted", "latitude", "longitude"):
        setattr(initiative, name, data[name])
    initiative.area = Area.objects.get(pk=data["area"])
    initiative.theme = Theme.objects.filter(pk=data["theme"]).first()
    # A change that waited while figures came to the site does not name one.
    about = data.get("indicator", initiative.indicator_id)
    initiative.indicator = Indicator.objects.filter(pk=about).first() if about else None
    initiative.target_groups.set(TargetGroup.objects.filter(pk__in=data["target_groups"]))


def _count_comment(comment: Comment, now: datetime.datetime) -> None:
    Initiative.objects.filter(pk=comment.initiative_id).update(comment_count=F("comment_count") + 1)
    tell_of_comment(comment, now)


def _uncount_comment(comment: Comment) -> None:
    Initiative.objects.filter(pk=comment.initiative_id).update(comment_count=F("comment_count") - 1)


def _comment_parts(comment: Comment) -> list[Part]:
    return _filled(
        Part(_("Under the initiative"), comment.initiative.title),
        Part(_("Answer to"), comment.parent.text if comment.parent else ""),
        Part(_("Opinion"), str(comment.get_stance_display()) if comment.stance else ""),
        Part(_("Comment"), comment.text),
    )


def _comment_revision_parts(
    comment: Comment, before: dict[str, Any], data: dict[str, Any], names: Names
) -> list[Part]:
    stances = dict(Comment.Stance.choices)

    def stance(values: dict[str, Any]) -> str:
        return str(stances.get(values.get("stance", ""), ""))

    return [
        Part(_("Comment"), data.get("text", ""), before.get("text", "")),
        language_part(before, data),
        Part(_("Opinion"), stance(data), stance(before), "whole"),
    ]


def revise_comment(comment: Comment, data: dict[str, Any]) -> None:
    """Write the values of a revision to a comment, without saving it."""
    comment.text = data["text"]
    comment.language = data["language"]
    comment.stance = data["stance"]


def _update_parts(update: Update) -> list[Part]:
    return [
        Part(_("About the initiative"), update.initiative.title),
        Part(_("News"), update.text),
    ]


def _update_revision_parts(
    update: Update, before: dict[str, Any], data: dict[str, Any], names: Names
) -> list[Part]:
    return [
        Part(_("News"), data["text"], before.get("text", "")),
        language_part(before, data),
        *picture_parts(before, data),
    ]


def revise_update(update: Update, data: dict[str, Any]) -> None:
    """Write the values of a revision to news, without saving it."""
    update.text = data["text"]
    update.language = data["language"]


def _answer_parts(answer: OfficialAnswer) -> list[Part]:
    return [
        Part(_("Under the initiative"), answer.initiative.title),
        Part(_("Answer"), f"{answer.get_outcome_display()}\n\n{answer.text}"),
    ]


def _report_parts(report: ProgressReport) -> list[Part]:
    return [
        Part(_("Under the initiative"), report.initiative.title),
        Part(_("Report"), report.text),
    ]


def _filled(*parts: Part) -> list[Part]:
    return [part for part in parts if part.text]


def _title_of_initiative(initiative: Initiative) -> str:
    return initiative.title


def _title_of_reaction(reaction: Contribution) -> str:
    return str(reaction)


def _initiatives_by_name(initiatives: Any) -> Any:
    """Leave out what stands in an organisation's name: others do not see who wrote that."""
    return initiatives.filter(on_behalf_of__isnull=True)


def _updates_by_name(updates: Any) -> Any:
    return updates.filter(initiative__on_behalf_of__isnull=True)


INITIATIVE = Kind(
    name=Initiative.kind,
    label=gettext_lazy("initiative"),
    model=Initiative,
    title=_title_of_initiative,
    parts=_initiative_parts,
    revise=revise_initiative,
    revision_parts=_initiative_revision_parts,
    on_published=_start_gathering_support,
    on_unpublished=_forget_terms,
    search=_searched,
    named=_initiatives_by_name,
    free_fields=(
        FreeField("title", gettext_lazy("Title")),
        FreeField("text", gettext_lazy("Story")),
        FreeField("help_wanted", gettext_lazy("Help that is wanted")),
        FreeField("address_line", gettext_lazy("Street or place"), names_place=True),
    ),
    near=near_doubles,
    spoken=("title", "text"),
    translated_fields=(
        FreeField("title", gettext_lazy("Title")),
        FreeField("text", gettext_lazy("Story")),
        FreeField("help_wanted", gettext_lazy("Help that is wanted")),
    ),
)
COMMENT = Kind(
    name=Comment.kind,
    label=gettext_lazy("comment"),
    model=Comment,
    title=_title_of_reaction,
    parts=_comment_parts,
    revise=revise_comment,
    revision_parts=_comment_revision_parts,
    on_published=_count_comment,
    on_unpublished=_uncount_comment,
    named=all_of_them,
    free_fields=(FreeField("text", gettext_lazy("Comment")),),
    spoken=("text",),
    translated_fields=(FreeField("text", gettext_lazy("Comment")),),
)
UPDATE = Kind(
    name=Update.kind,
    label=gettext_lazy("news"),
    model=Update,
    title=_title_of_reaction,
    parts=_update_parts,
    revise=revise_update,
    on_published=tell_of_update,
    revision_parts=_update_revision_parts,
    named=_updates_by_name,
    free_fields=(FreeField("text", gettext_lazy("News")),),
    spoken=("text",),
    translated_fields=(FreeField("text", gettext_lazy("News")),),
)
ANSWER = Kind(
    name=OfficialAnswer.kind,
    label=gettext_lazy("official answer"),
    model=OfficialAnswer,
    title=_title_of_reaction,
    parts=_answer_parts,
    reviewed=False,
    spoken=("text",),
    translated_fields=(FreeField("text", gettext_lazy("Answer")),),
)
REPORT = Kind(
    name=ProgressReport.kind,
    label=gettext_lazy("report on the work"),
    model=ProgressReport,
    title=_title_of_reaction,
    parts=_report_parts,
    reviewed=False,
    spoken=("text",),
    translated_fields=(FreeField("text", gettext_lazy("Report")),),
)
