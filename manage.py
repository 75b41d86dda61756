#!/usr/bin/env python3
"""The one door for people: python3 manage.py --help.

Started by a bare interpreter it makes .venv beside itself, installs requirements.txt and starts itself again inside.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements.txt"
TEST_REQUIREMENTS = ROOT / "tests" / "requirements.txt"


def main() -> None:
    if sys.version_info < (3, 11):
        raise SystemExit("manage.py needs Python 3.11 or newer. Start it with such an interpreter.")
    wanted = [REQUIREMENTS, TEST_REQUIREMENTS] if "test" in sys.argv[1:2] else [REQUIREMENTS]
    if sys.prefix == sys.base_prefix:
        _start_again_inside(wanted)
    from backoffice.commands import run_command_line

    run_command_line()


def _start_again_inside(wanted: list[Path]) -> None:
    """Replaces this process by the same command inside .venv, made and filled first where necessary."""
    python = VENV / "bin" / "python"
    if not python.exists():
        print(f"Making a virtual environment in {VENV} ...", flush=True)
        venv.create(VENV, with_pip=True)
    for requirements in wanted:
        _install_once(python, requirements)
    os.execv(python, [str(python), str(ROOT / "manage.py"), *sys.argv[1:]])


def _install_once(python: Path, requirements: Path) -> None:
    """Installs a requirements file unless .venv already holds exactly this version of it."""
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = VENV / ("-".join(requirements.relative_to(ROOT).with_suffix("").parts) + ".sha256")
    if stamp.exists() and stamp.read_text() == digest:
        return
    print(f"Installing {requirements.relative_to(ROOT)} ...", flush=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(requirements)]
    if subprocess.run(pip, check=False).returncode:
        raise SystemExit(f"Installing {requirements.name} failed. Check the network and start this command again.")
    stamp.write_text(digest)


if __name__ == "__main__":
    main()
