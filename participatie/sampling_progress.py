"""The sample's work after an answer: milestones, reports, and departments that do not exist."""

import datetime
import json
from pathlib import Path
from typing import Any

from accounts.models import User
from areas.models import Area
from contributions.deadlines import today
from ideas import actions
from ideas.models import Department, Initiative

FILE = Path(__file__).parent / "sample" / "progress.json"


def load(*, initiatives: dict[str, Initiative], office: User, now: datetime.datetime) -> None:
    """Plan, move, do and report what the sample tells, at moments in the past."""
    told = json.loads(FILE.read_text(encoding="utf-8"))
    departments = [_department(row) for row in told["departments"]]
    for row in told["initiatives"]:
        if row["key"] in initiatives:
            _follow_up(initiatives[row["key"]], row, departments, office, now)


def _department(row: dict[str, Any]) -> Department:
    return Department.objects.create(
        municipality=Area.objects.get(slug=row["municipality"]),
        contact=row["contact"],
        **{f"name_{code}": name for code, name in row["name"].items()},
    )


def _follow_up(
    initiative: Initiative,
    row: dict[str, Any],
    departments: list[Department],
    office: User,
    now: datetime.datetime,
) -> None:
    def ago(days: int) -> datetime.datetime:
        return now - datetime.timedelta(days=days)

    if moved := row.get("hand_over"):
        actions.hand_over(
            initiative=initiative,
            by=office,
            department=departments[moved["department"]],
            text=moved["text"],
            language="nl",
            now=ago(moved["days_ago"]),
        )
    for planned in row["milestones"]:
        milestone = actions.plan_milestone(
            initiative=initiative,
            by=office,
            title=planned["title"],
            planned_date=today(now) + datetime.timedelta(days=planned["in_days"]),
            language="nl",
            now=ago(planned["days_ago"]),
        )
        for change in planned["changes"]:
            days = change.get("in_days", planned["in_days"])
            milestone = actions.change_milestone(
                milestone=milestone,
                by=office,
                state=change.get("state", milestone.state),
                planned_date=today(now) + datetime.timedelta(days=days),
                reason=change.get("reason", ""),
                language="nl",
                now=ago(change["days_ago"]),
            )
    for report in row["reports"]:
        actions.report(
            initiative=initiative,
            by=office,
            text=report["text"],
            language="nl",
            closes=report.get("closes", False),
            now=ago(report["days_ago"]),
        )
