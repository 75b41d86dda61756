"""How text is compared: one folding for search, for e-mail keys and for choices."""

from __future__ import annotations

import unicodedata

MOST_DIGITS = 18

# Letters that Unicode does not decompose, but that people type without the stroke or as two letters.
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)


def fold(text: str) -> str:
    """Returns `text` without case and accents, with single spaces: "  Ána  MÜLLER" becomes "ana muller"."""
    if text.isascii():
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.casefold().translate(_LETTERS).split())


def email_key(email: str) -> str:
    """Returns the form in which two spellings of one address are equal (strip, NFKC, casefold); accents stay."""
    return unicodedata.normalize("NFKC", email.strip()).casefold()


def whole_number(text: str) -> int | None:
    """Returns the number that a text of up to 18 digits is, which every database can hold; None of any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def capital(text: str) -> str:
    """Returns the text as it stands at the beginning of a line."""
    return text[:1].upper() + text[1:]


def nouns(table: str) -> tuple[str, str]:
    """Returns what one row of a table and several are called in English: ("invoice line", "invoice lines")."""
    one = words(table).lower()
    if one.endswith(("s", "staff")):
        return one, one
    return one, one[:-1] + "ies" if one.endswith("y") else one + "s"


def words(name: str) -> str:
    """Returns a technical name as people read it: "end_reason" becomes "End reason"."""
    return name.replace("_", " ").strip().capitalize()
