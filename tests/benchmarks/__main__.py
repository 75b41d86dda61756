"""The product beside bare SQL and beside a minimal Flask view, at several sizes, in one table:

`python -m tests.benchmarks [--students 10000,100000] [--database URI]... [--only ROOM]...`

A URI may say "{students}" where the size goes; a database that holds as many students already is used again. Without
one a SQLite file is made, and a PostgreSQL database where BACKOFFICE_TEST_DATABASE_URI names a server. Asserts nothing about
time. `python -m tests.benchmarks.bulk` measures bulk work at 100,000 rows.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from sqlalchemy import make_url

from tests.benchmarks import databases, table
from tests.benchmarks.measuring import Figure
from tests.benchmarks.rooms import ROOMS, measured


def main() -> None:
    arguments = _arguments()
    sizes = [int(size) for size in arguments.students.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        for template in arguments.database or _templates(folder):
            print(f"\n{make_url(template).get_backend_name()}", flush=True)
            results = {size: _in_a_process_of_its_own(template, size, arguments.only) for size in sizes}
            print("\n".join(table.lines(results)), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", default="10000", help="sizes of the made-up organisation, with commas")
    parser.add_argument("--database", action="append", help="where; {students} in it stands for the size")
    parser.add_argument("--only", action="append", choices=list(ROOMS), help="measure nothing else")
    return parser.parse_args()


def _templates(folder: str) -> list[str]:
    server = os.environ.get("BACKOFFICE_TEST_DATABASE_URI")
    found = [f"sqlite:///{folder}/{{students}}.sqlite3"]
    if server:
        named = make_url(server).set(database="backoffice_benchmark_")
        found.append(named.render_as_string(hide_password=False) + "{students}")
    return found


def _in_a_process_of_its_own(template: str, students: int, only: list[str] | None) -> list[Figure]:
    """Returns the figures of one size, measured where no other size has left its memory behind."""
    uri = databases.address(template, students)
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool,
    ):
        pool.submit(databases.prepare, uri, students, folder).result()
        return pool.submit(measured, uri, only or list(ROOMS)).result()


if __name__ == "__main__":
    main()
