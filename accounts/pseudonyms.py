"""Names for people who show none: a word from nature and a number, drawn at random."""

import secrets
from collections.abc import Callable, Iterator

# Plain words, the same on every screen. None of them is an insult, a first name or a symbol.
WORDS = (
    "Beek",
    "Berk",
    "Beuk",
    "Bever",
    "Boomklever",
    "Bosuil",
    "Braam",
    "Dille",
    "Duin",
    "Eekhoorn",
    "Egel",
    "Els",
    "Es",
    "Esdoorn",
    "Eik",
    "Fazant",
    "Fuut",
    "Gras",
    "Grutto",
    "Haas",
    "Hazelaar",
    "Heide",
    "Heuvel",
    "Hommel",
    "Hop",
    "Kade",
    "Kamille",
    "Kastanje",
    "Kievit",
    "Kiezel",
    "Klaver",
    "Koolmees",
    "Korenbloem",
    "Kreek",
    "Lariks",
    "Leeuwerik",
    "Lepelaar",
    "Libel",
    "Lijster",
    "Linde",
    "Lisdodde",
    "Maan",
    "Madelief",
    "Meer",
    "Merel",
    "Mist",
    "Mos",
    "Munt",
    "Mus",
    "Oever",
    "Otter",
    "Pluvier",
    "Populier",
    "Reiger",
    "Riet",
    "Rivier",
    "Schelp",
    "Specht",
    "Spreeuw",
    "Ster",
    "Sterappel",
    "Tijm",
    "Tjiftjaf",
    "Tulp",
    "Uil",
    "Varen",
    "Veld",
    "Vijver",
    "Vink",
    "Vlier",
    "Vlinder",
    "Wilg",
    "Wind",
    "Winterkoning",
    "Wolk",
    "Wulp",
    "Zeehond",
    "Zonnebloem",
    "Zwaluw",
    "Zwaan",
)

# Numbers that stand for something in some corner of the internet.
_AVOIDED = ("69", "88", "420", "666", "1312")


def _number(digits: int) -> int:
    lowest = int(f"1{'0' * (digits - 1)}")
    while True:
        number = lowest + secrets.randbelow(9 * lowest)
        if not any(avoided in str(number) for avoided in _AVOIDED):
            return number


def generate(digits: int = 6) -> str:
    """Return a random name such as "Merel 274915"; the database knows whether it is free."""
    return f"{secrets.choice(WORDS)} {_number(digits)}"


def candidates() -> Iterator[str]:
    """Yield random names, short ones first, longer ones when the short ones turn out taken.

    Three digits at least: a number of two would look like somebody's age.
    """
    for digits in (3, 3, 4, 4, 5, 5):
        yield generate(digits)
    while True:
        yield generate()


def choose(is_taken: Callable[[str], bool]) -> str:
    """Return the first candidate that is free."""
    return next(name for name in candidates() if not is_taken(name))
