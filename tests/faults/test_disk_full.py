"""A disk without room, on SQLite: told in words, nothing changed, all can be read, and the same button works once there is room."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.conftest import fill
from tests.faults.installation import Installation, Server
from tests.faults.office import Office

ROOM = 150_000  # bytes, which a change of all students needs many of
SIZE = 24  # MiB
READ = ("/admin/", "/admin/students/?search=city:Leeds", "/admin/operations/", "/healthz")


class Quota:
    """A limit on how much the server may write into one file: what everybody can set."""

    def fill(self, server: Server) -> None:
        """Leaves a little room."""
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (ROOM, resource.RLIM_INFINITY))

    def free(self, server: Server) -> None:
        """Takes the limit off."""
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@dataclass(frozen=True)
class SmallDisk:
    """A disk of some megabytes, which another program fills."""

    folder: Path

    def fill(self, server: Server) -> None:
        """Leaves a little room."""
        disk = os.statvfs(self.folder)
        (self.folder / "ballast").write_bytes(bytes(disk.f_bavail * disk.f_frsize - ROOM))

    def free(self, server: Server) -> None:
        """Gives the room back."""
        (self.folder / "ballast").unlink()


@pytest.fixture
def disks(tmp_path: Path) -> Iterator[list[Quota | SmallDisk]]:
    """What can run out of room under `tmp_path`: a quota, and where the system lets us mount one, a whole disk."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(tmp_path)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    yield [Quota(), SmallDisk(tmp_path)] if mounted else [Quota()]
    if mounted:
        subprocess.run(["umount", "--lazy", tmp_path], check=True)


def test_a_change_that_finds_no_room_is_told_so_and_works_once_there_is(
    disks: list[Quota | SmallDisk], tmp_path: Path
) -> None:
    installation = Installation(tmp_path, f"sqlite:///{tmp_path}/full.sqlite3")
    fill(installation)
    with Office(installation) as office:
        for disk in disks:
            assert_told_and_recovers(office, disk)
    assert "All is as recorded" in installation.manage("operations", "verify")


def assert_told_and_recovers(office: Office, disk: Quota | SmallDisk) -> None:
    press, before = office.move(), office.installation.tables()
    office.installation.scalar("PRAGMA wal_checkpoint(TRUNCATE)")  # what the file has room for already is no room

    disk.fill(office.server)
    refused = press()
    left, pages = office.installation.tables(), [office.person.get(address).status for address in READ]
    ready = office.person.get("/readyz")
    disk.free(office.server)
    again = press()
    office.take_back()()

    assert (refused.status, refused.headers["Retry-After"]) == (507, "5")
    assert (
        "The disk that the back-office writes to is full, or takes nothing more. Nothing was changed" in refused.words
    )
    assert "Send it again" in refused.words
    assert (left, pages) == (before, [200] * len(READ))
    assert ready.status in (200, 503)
    assert "3,000 students changed" in again.words
    assert office.installation.rows() == office.leeds
