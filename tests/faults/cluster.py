"""A PostgreSQL server of the test's own, to be stopped and started: in a folder of its own, at a port of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import free_port

_QUICK = "-c fsync=off -c unix_socket_directories="  # the machine itself does not fail here


@dataclass(frozen=True)
class Cluster:
    """A server with one superuser, who needs no password."""

    binaries: Path
    folder: Path
    port: int

    @property
    def uri(self) -> str:
        """The address of its database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Starts the server, and waits until it answers."""
        settings = f"-p {self.port} -c listen_addresses=127.0.0.1 {_QUICK}"
        self.run(
            "pg_ctl", "start", "-w", "-l", str(self.folder / "log"), "-o", settings, "-D", str(self.folder / "data")
        )

    def crash(self) -> None:
        """Ends the server at once: what was not committed is lost, and clients hear nothing."""
        self.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self.folder / "data"))

    def run(self, program: str, *arguments: str) -> None:
        """Runs one of PostgreSQL's programs, which refuse to be run by root."""
        user = "postgres" if os.geteuid() == 0 else None
        command = [str(self.binaries / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, user=user, group=user)


def binaries() -> Path | None:
    """Returns the folder of PostgreSQL's newest programs; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else found[-1].parent if found else None


@contextmanager
def cluster(programs: Path) -> Iterator[Cluster]:
    """Makes a server and starts it; nothing of it is left after the block."""
    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        made = Cluster(programs, Path(name), free_port())
        if os.geteuid() == 0:
            shutil.chown(name, "postgres", "postgres")
        made.run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "-D", f"{name}/data")
        made.start()
        yield made
        made.crash()
