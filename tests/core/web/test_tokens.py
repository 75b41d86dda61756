"""One design: a colour, a size of type or a corner has its value in one place, and every pair of words and ground can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backoffice.core.web.colours import contrast
from backoffice.core.web.tokens import Theme, read_tokens

STYLES = Path(__file__).resolve().parents[3] / "backoffice/static/css"
SHEETS = sorted(STYLES.glob("*.css"))
TOKENS = {token.name: token for token in read_tokens(STYLES / "app.css")}
GROUNDS = ("canvas", "surface", "raised", "sunken", "hover", "quiet", "accent-soft")
STATES = ("good", "info", "warn", "bad")
LITERAL_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|rgba?\(|hsl|light-dark\(", re.IGNORECASE)
BY_TOKEN = re.compile(r"(?:0 )*(?:var\(--[\w-]+\)|0|50%|100%|inherit|[\d.]+em)(?: var\(--[\w-]+\))*")


def rules_of(sheet: Path) -> str:
    """Returns a stylesheet without comments, files, fonts and the tokens themselves."""
    text = sheet.read_text()
    if sheet.name == "app.css":
        text = text[text.index("/* Type */\nhtml") :]
    return re.sub(r"/\*.*?\*/|url\([^)]*\)", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_rule_has_a_colour_of_its_own(sheet: Path) -> None:
    values = re.findall(r":\s*([^;{}]+)[;}]", rules_of(sheet))

    assert [value for value in values if LITERAL_COLOUR.search(value)] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_sizes_of_type_and_corners_are_tokens(sheet: Path) -> None:
    values = re.findall(r"(?<![\w-])((?:font-size|border-radius): [^;}]+)", rules_of(sheet))

    assert [
        value for value in values if not BY_TOKEN.fullmatch(value.partition(": ")[2].removesuffix(" !important"))
    ] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_other_length_is_a_whole_number_of_pixels(sheet: Path) -> None:
    lengths = re.findall(r"(?<![\w.])(\d*\.?\d+)rem", rules_of(sheet))

    assert [length for length in lengths if float(length) * 16 % 1] == []


def test_every_token_says_what_it_is_for_and_has_a_user() -> None:
    users = "".join(file.read_text() for file in [*SHEETS, *STYLES.parent.rglob("*.svg")])

    plain = [token for token in TOKENS.values() if not token.name.startswith(("series-", "step-", "pair-"))]

    assert [token.name for token in plain if not token.words] == []
    assert [token.name for token in plain if f"var(--{token.name}" not in users] == []


@pytest.mark.parametrize("theme", Theme, ids=lambda theme: theme.name.lower())
def test_words_can_be_read_on_every_ground_that_they_stand_on(theme: Theme) -> None:
    colour = {name: token.colours[theme] for name, token in TOKENS.items() if token.colours}
    pairs = [(ink, ground) for ink in ("text", "muted", "faint", "accent-text") for ground in GROUNDS]
    pairs += [(state, ground) for state in STATES for ground in (f"{state}-soft", "surface", "raised")]
    pairs += [("on-accent", "accent"), ("on-accent", "accent-hover")]
    shapes = [(shape, ground) for shape in ("edge", "focus") for ground in ("surface", "raised", "canvas")]

    weak = [
        (*pair, round(contrast(*map(colour.get, pair)), 2)) for pair in pairs if contrast(*map(colour.get, pair)) < 4.5
    ]
    weak += [(*pair, contrast(*map(colour.get, pair))) for pair in shapes if contrast(*map(colour.get, pair)) < 3]

    assert weak == []
