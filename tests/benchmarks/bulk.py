"""Bulk work at a hundred thousand rows beside bare SQL: `python -m tests.benchmarks.bulk [DATABASE_URI] [ROWS]`.

Prints seconds and ratios; asserts nothing about time. Without an address it uses a SQLite file of its own.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from backoffice.app import create_app
from backoffice.config import Settings
from backoffice.core.access import SYSTEM
from backoffice.core.operations import apply, plan_delete, plan_edit, plan_undo, recording
from backoffice.core.operations.tables import protected_tables
from backoffice.core.selection import Selection
from backoffice.courses.models import Course, Lesson, Section, Term
from backoffice.enrollments.models import Enrollment, LessonProgress
from backoffice.extensions import db
from backoffice.students.models import Student
from tests.benchmarks.measuring import resident_megabytes

ROWS = 100_000


def main() -> None:
    uri = sys.argv[1] if len(sys.argv) > 1 else ""
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        uri = uri if uri else f"sqlite:///{Path(folder) / 'bulk.sqlite3'}"
        if not uri.startswith("sqlite"):
            uri = _fresh_database(uri)
        app = create_app(Settings(MODE="test", SECRET_KEY="x" * 40, INSTANCE_PATH=folder, DATABASE_URI=uri))
        with app.app_context():
            db.create_all()
            _measure(rows)


def _fresh_database(uri: str) -> str:
    server = create_engine(uri, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS backoffice_bulk WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE backoffice_bulk"))
    return make_url(uri).set(database="backoffice_bulk").render_as_string(hide_password=False)


def _measure(rows: int) -> None:
    print(f"{db.engine.dialect.name}, {rows:,} enrollments")
    _in_a_child(lambda: _timed("filled", lambda: _fill(rows)))
    _settle()
    memory = resident_megabytes()
    floor, _ = _timed("bare UPDATE of one field", lambda: _bare_update("health"))
    _bare_update("personal")
    _settle()
    before = _in_a_child(_checksum)
    selection = Selection.parse(Enrollment, SYSTEM, search="status:withdrawn")
    _, plan = _timed("review of an edit", lambda: plan_edit(selection, {"end_reason": "health"}, SYSTEM))
    edit, operation = _timed("edit with history", lambda: apply(plan, SYSTEM))
    _, plan = _timed("review of its undo", lambda: plan_undo(operation, SYSTEM))
    undo, _ = _timed("undo", lambda: apply(plan, SYSTEM))
    print(f"  edit / bare: {edit / floor:.1f}   undo / bare: {undo / floor:.1f}")
    print(
        f"  memory {resident_megabytes():.0f} MB, {memory:.0f} MB before; identical: {_in_a_child(_checksum) == before}"
    )
    _settle()
    _, plan = _timed("review of a deletion", lambda: plan_delete(Selection.parse(Enrollment, SYSTEM), SYSTEM))
    _, operation = _timed("deletion with dependents", lambda: apply(plan, SYSTEM))
    _, plan = _timed("review of its undo", lambda: plan_undo(operation, SYSTEM))
    _timed("undo", lambda: apply(plan, SYSTEM))
    print(f"  memory {resident_megabytes():.0f} MB; identical: {_in_a_child(_checksum) == before}")


def _timed(what: str, work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    print(f"  {what:28} {seconds:7.2f} s", flush=True)
    return seconds, result


def _in_a_child(work: Callable[[], Any]) -> str:
    """Does `work` in a process of its own, whose memory does not count, and returns its result as text."""
    sys.stdout.flush()
    db.session.remove()
    db.engine.dispose()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(work()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        return answer.read()


def _bare_update(reason: str) -> None:
    """The floor: the same rows and field, without version or history."""
    statement = text("UPDATE enrollment SET end_reason = :reason WHERE status = 'withdrawn' AND end_reason <> :reason")
    with db.engine.connect().execution_options(unrecorded=True, writing=True) as connection:
        connection.execute(statement, {"reason": reason})
        connection.commit()


def _settle() -> None:
    """Lets the database clean up, so that one measurement does not pay for another."""
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
        else:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            connection.execute(text("ANALYZE"))


def _checksum() -> str:
    """Returns one digest of every business table as it is stored."""
    digest = hashlib.sha256()
    connection = db.session.connection().execution_options(stream_results=True)
    for name in sorted(protected_tables()):
        for row in connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY id"):
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def _fill(rows: int) -> None:
    with recording(SYSTEM, "system", "create", title="Fill", effects=False) as operation:
        term = {"code": "T", "name": "T", "start_date": date(2026, 1, 1), "end_date": date(2026, 12, 31)}
        (term_id,) = operation.insert(Term, [term])
        (course_id,) = operation.insert(Course, [{"code": "C", "title": "C", "status": "published"}])
        (lesson_id,) = operation.insert(Lesson, [{"course_id": course_id, "position": 1, "title": "L"}])
        section = {"course_id": course_id, "term_id": term_id, "name": "S", "timezone": "UTC", "delivery": "online"}
        dates = {"start_date": date(2026, 1, 1), "end_date": date(2026, 6, 30), "status": "open"}
        sections = operation.insert(Section, [section | dates | {"code": f"S{n}"} for n in range(20)])
        count = max(rows // 10, 1)
        people = ({"student_number": f"S{n:06}", "full_name": f"Student {n}", "status": "active"} for n in range(count))
        students = operation.insert(Student, people)
        left = {
            "status": "withdrawn",
            "end_reason": "personal",
            "start_date": date(2026, 1, 2),
            "end_date": date(2026, 3, 1),
        }
        enrollments = operation.insert(
            Enrollment,
            ({"student_id": students[n % count], "section_id": sections[n % 20], **left} for n in range(rows)),
        )
        progress = ({"enrollment_id": e, "lesson_id": lesson_id, "score": 50} for e in enrollments[::2])
        operation.insert(LessonProgress, progress)


if __name__ == "__main__":
    main()
