"""The command line from outside: what each command answers, and how it ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo

from backoffice.commands import COMMANDS, command_line

ROOT = Path(__file__).resolve().parent.parent.parent


def manage(*arguments: str, instance: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs manage.py with no setting but those given."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BACKOFFICE_")}
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *arguments],
        env=clean | {"BACKOFFICE_INSTANCE_PATH": str(instance)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_help_needs_no_setting_and_names_every_command(tmp_path: Path) -> None:
    answer = manage("--help", instance=tmp_path)
    assert answer.returncode == 0
    assert [command.name for command in COMMANDS if f"  {command.name} " not in answer.stdout] == []


@pytest.mark.parametrize("command", sorted(str(command.name) for command in COMMANDS))
def test_every_command_explains_itself(command: str) -> None:
    answer = CliRunner().invoke(command_line, [command, "--help"])
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert f" {command}" in answer.stdout.splitlines()[0]


@pytest.mark.parametrize(
    "wrong",
    [
        ["nonsense"],
        ["demo", "--port", "many"],
        ["staff", "create"],
        ["export", "nonsense"],
        ["seed", "--students", "0"],
    ],
)
def test_wrong_usage_ends_with_2(wrong: list[str], app: Flask) -> None:
    answer = CliRunner().invoke(command_line, wrong, obj=ScriptInfo(create_app=lambda: app))
    assert answer.exit_code == 2
    assert answer.stderr.startswith("Usage: ")


def test_serve_does_not_start_without_a_strong_secret(tmp_path: Path) -> None:
    answer = manage("serve", instance=tmp_path)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: BACKOFFICE_SECRET_KEY is missing or weak. Set it to")
    assert len(answer.stderr.splitlines()) == 1


def test_serve_does_not_start_on_old_tables(tmp_path: Path) -> None:
    answer = manage("serve", instance=tmp_path, BACKOFFICE_SECRET_KEY="0123456789abcdef0123456789ABCDEF")
    assert (answer.returncode, answer.stderr) == (
        1,
        "Error: The database lacks migrations. Run `manage.py db upgrade` first.\n",
    )


def test_a_command_on_a_database_without_tables_says_what_to_do(tmp_path: Path) -> None:
    answer = manage("operations", "list", instance=tmp_path)
    assert answer.returncode == 1
    assert "run `manage.py db upgrade`" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_the_demo_never_touches_a_database_that_it_did_not_make(tmp_path: Path) -> None:
    database = tmp_path / "demo" / "demo.sqlite3"
    database.parent.mkdir()
    database.write_bytes(b"somebody's own")

    answer = manage("demo", "--port", str(_free_port()), instance=tmp_path)

    assert answer.returncode == 1
    assert answer.stderr == f"Error: {database} was not made by the demo. Move it away and start again.\n"
    assert database.read_bytes() == b"somebody's own"


def test_the_demo_says_when_its_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = manage("demo", "--port", str(port), instance=tmp_path)
    assert answer.returncode == 1
    assert answer.stderr == f"Error: 127.0.0.1:{port} cannot be used (Address already in use). Give another --port.\n"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
