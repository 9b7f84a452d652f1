"""Loads what reviewing starts from: house rules, saved replies and words to look for."""

import json
from pathlib import Path

from areas.loading import ensure_row, in_languages
from contributions.models import HouseRule, PolicyWord, SavedReply, WordList

FOLDER = Path(__file__).parent / "reference"
FILE = FOLDER / "house_rules.json"
REPLIES = FOLDER / "saved_replies.json"
WORD_LISTS = FOLDER / "word_lists.json"
POLICY_WORDS = FOLDER / "policy_words.json"


def load_house_rules() -> int:
    """Load the rules that have no version at all yet; return how many were created.

    A rule that staff changed or ended is left alone: its versions are the record.
    """
    created = 0
    for row in json.loads(FILE.read_text(encoding="utf-8")):
        if HouseRule.objects.filter(code=row["code"]).exists():
            continue
        HouseRule.objects.create(
            code=row["code"],
            order=row["order"],
            **in_languages("title", row["title"]),
            **in_languages("text", row["text"]),
        )
        created += 1
    return created


def load_saved_replies() -> int:
    """Load the saved replies that are not there, by their Dutch title; return how many came.

    Words that staff changed are left alone.
    """
    created = 0
    for order, row in enumerate(json.loads(REPLIES.read_text(encoding="utf-8")), start=1):
        created += ensure_row(
            SavedReply,
            key={"title_nl": row["title"]["nl"]},
            values={
                **in_languages(
                    "title", {code: word for code, word in row["title"].items() if code != "nl"}
                ),
                **in_languages("text", row["text"]),
                "order": order,
            },
        )
    return created


def load_word_lists() -> int:
    """Load the lists of words that are not there at all; return how many were created.

    A list that is there is the staff's, whatever it holds: also one that they emptied.
    """
    created = 0
    for row in json.loads(WORD_LISTS.read_text(encoding="utf-8")):
        _list, is_new = WordList.objects.get_or_create(
            purpose=row["purpose"],
            language=row["language"],
            defaults={"words": "\n".join(row["words"])},
        )
        created += is_new
    return created


def load_policy_words() -> int:
    """Load words of policy in the languages that have none at all; return how many were created.

    Where staff keep words already, those are theirs: one that they deleted does not come back.
    """
    kept = set(PolicyWord.objects.values_list("language", flat=True).distinct())
    rows = [
        PolicyWord(language=language, word=row[0], forms="\n".join(row[2:]), instead=row[1])
        for language, words in json.loads(POLICY_WORDS.read_text(encoding="utf-8")).items()
        if language not in kept
        for row in words
    ]
    before = PolicyWord.objects.count()
    PolicyWord.objects.bulk_create(rows, ignore_conflicts=True)
    return PolicyWord.objects.count() - before
