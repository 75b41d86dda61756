"""The README claims nothing that the program does not know."""

from __future__ import annotations

import re
from pathlib import Path

from backoffice.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text()


def test_every_command_stands_in_the_readme() -> None:
    assert [command.name for command in COMMANDS if not re.search(rf"\b{command.name}\b", README)] == []


def test_every_picture_and_path_of_the_readme_is_there() -> None:
    named = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README) + re.findall(
        r"^    ((?:backoffice|tests|templates|migrations)/\S*)", README, re.M
    )
    paths = [path for path in named if "<" not in path]
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert len(paths) >= 6
