"""How remarks and responses take part in what all contributions share."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.dates import in_words_with_year
from contributions.differences import Names, language_part, picture_parts
from contributions.kinds import FreeField, Kind, Part, all_of_them
from contributions.models import Contribution
from feedback.models import Remark, Response


def _title(contribution: Contribution) -> str:
    return str(contribution)


def _remark_parts(remark: Remark) -> list[Part]:
    answers = [
        str(label)
        for label in (
            remark.experience and remark.experience.get_recognition_display(),
            remark.experience and remark.experience.get_trend_display(),
        )
        if label
    ]
    return [
        Part(_("Beside the figure"), remark.indicator.name),
        *([Part(_("Answer to the questions"), ", ".join(answers))] if answers else []),
        Part(_("What somebody sees"), remark.text),
    ]


def _remark_revision_parts(
    remark: Remark, before: dict[str, Any], data: dict[str, Any], names: Names
) -> list[Part]:
    return [
        Part(_("What somebody sees"), data.get("text", ""), before.get("text", "")),
        language_part(before, data),
        *picture_parts(before, data),
    ]


def revise_remark(remark: Remark, data: dict[str, Any]) -> None:
    """Write the values of a revision to a remark, without saving it."""
    remark.text = data["text"]
    remark.language = data["language"]


def _response_parts(response: Response) -> list[Part]:
    parts = [
        Part(_("Beside the figure"), response.indicator.name),
        Part(_("What we heard"), response.heard),
        Part(_("What we do"), response.doing),
        Part(_("Who does it"), response.who),
        Part(_("Before the end of"), in_words_with_year(response.due_date)),
        Part(_("What we don't do, and why"), response.not_doing),
        Part(_("How far it is"), str(response.get_state_display())),
    ]
    return [part for part in parts if part.text]


def _response_words(response: Response) -> str:
    return "\n\n".join(filter(None, (response.heard, response.doing, response.not_doing)))


REMARK = Kind(
    name=Remark.kind,
    label=gettext_lazy("experience"),
    model=Remark,
    title=_title,
    parts=_remark_parts,
    revise=revise_remark,
    revision_parts=_remark_revision_parts,
    named=all_of_them,
    free_fields=(FreeField("text", gettext_lazy("What somebody sees")),),
    translated_fields=(FreeField("text", gettext_lazy("What somebody sees")),),
)
RESPONSE = Kind(
    name=Response.kind,
    label=gettext_lazy("response"),
    model=Response,
    title=_title,
    parts=_response_parts,
    said=_response_words,
    reviewed=False,
    translated_fields=(
        FreeField("heard", gettext_lazy("What we heard")),
        FreeField("doing", gettext_lazy("What we do")),
        FreeField("not_doing", gettext_lazy("What we don't do, and why")),
    ),
)
