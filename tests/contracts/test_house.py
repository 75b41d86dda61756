"""The house rules that a reader should not have to take on trust."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from backoffice.config import PREFIX, Settings

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted((ROOT / "backoffice").rglob("*.py"))
TOP_LEVEL = {
    "backoffice",
    "migrations",
    "tests",
    "templates",
    "manage.py",
    "requirements.txt",
    "README.md",
    "pyproject.toml",
}
INLINE = re.compile(r"\son\w+\s*=|javascript:|<style[\s>]|\sstyle\s*=|<script(?![^>]*\bsrc=)", re.IGNORECASE)
ELSEWHERE = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE)


def test_arrows_between_modules_point_down_and_never_in_a_circle() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    verdict = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert verdict.returncode == 0, verdict.stdout


def test_the_top_level_holds_what_the_layout_names_and_nothing_else() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = {line.partition("/")[0] for line in tracked.splitlines()}
    assert {name for name in names if not name.startswith(".")} - TOP_LEVEL == set()


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_every_setting_stands_in_the_readme_with_its_default(field) -> None:
    readme = (ROOT / "README.md").read_text()
    row = next((line for line in readme.splitlines() if f"`{PREFIX}{field.name}`" in line), None)
    assert row is not None, f"{PREFIX}{field.name} is not in README.md"
    assert field.default in ("", None) or f"`{_written(field.default)}`" in row


def _written(default: object) -> str:
    return str(int(default)) if isinstance(default, bool) else str(default)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_inline_script_style_or_another_origin(template: Path) -> None:
    text = template.read_text()
    assert INLINE.findall(text) == []
    assert ELSEWHERE.findall(text) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_in_its_first_line_what_it_is_for(module: Path) -> None:
    assert module.read_text().startswith('"""')
