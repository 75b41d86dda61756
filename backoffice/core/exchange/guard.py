"""The apostrophe that keeps a spreadsheet from running a text cell as a formula (CWE-1236)."""

from __future__ import annotations

import re

# What spreadsheets start a formula with, its full-width twins, and the blanks that they skip before one.
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
SUSPECTS = "'" + FORMULA_STARTS  # most texts are let through by one look at their first letter
_GUARDABLE = re.compile(f"'*[{re.escape(FORMULA_STARTS)}]")


def guard(text: str) -> str:
    """Returns `text` with a leading apostrophe if a spreadsheet would run it.

    A text that already looks guarded gets one more, so that `unguard(guard(text)) == text` for every text.
    """
    return "'" + text if text and text[0] in SUSPECTS and _GUARDABLE.match(text) else text


def unguard(text: str) -> str:
    """Returns `text` without exactly the apostrophe that `guard` put there; any other apostrophe stays."""
    return text[1:] if text[:1] == "'" and _GUARDABLE.match(text) else text
