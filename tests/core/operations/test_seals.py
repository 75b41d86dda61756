"""Seals: whatever is altered behind the product's back is named; old history can go and the rest stays proved."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from backoffice.core.access import SYSTEM
from backoffice.core.clock import utcnow
from backoffice.core.operations import (
    Change,
    Invalid,
    Operation,
    OperationError,
    Recording,
    apply,
    plan_delete,
    plan_edit,
    plan_undo,
    proving,
    pruning,
    verifying,
)
from backoffice.core.operations.models import Baseline, Seal
from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories


def edit(city, search=""):
    """Sets the city of students and returns the number of the operation."""
    return apply(plan_edit(Selection.parse(Student, SYSTEM, search=search), {"city": city}, SYSTEM), SYSTEM).id


def alter(statement, **values):
    """Writes behind the product's back, foreign keys aside."""
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect().execution_options(unrecorded=True, isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF" if sqlite else "SET session_replication_role = replica")
        connection.execute(text(statement), values)
        connection.exec_driver_sql("PRAGMA foreign_keys=ON" if sqlite else "SET session_replication_role = origin")
    db.session.remove()


def problems():
    return list(verifying.problems(db.session()))


@pytest.fixture
def people(session):
    """The numbers of three students."""
    return [factories.student(full_name=name, city="Leeds").id for name in ("Ana", "Ben", "Cem")]


def test_what_happens_in_the_product_is_as_it_was_sealed(people):
    undone = db.session.get_one(Operation, edit("York"))
    apply(plan_undo(undone, SYSTEM), SYSTEM)
    apply(plan_delete(Selection.parse(Student, SYSTEM, ids=people[:1]), SYSTEM), SYSTEM)

    assert problems() == []
    assert proving.head(db.session())[0] == db.session.scalar(select(Operation.id).order_by(Operation.id.desc())) - (
        db.session.scalar(select(Operation.id).order_by(Operation.id)) - 1
    )


def test_a_row_and_its_history_altered_alike_are_named_by_the_seal(people):
    number = edit("York")
    after = "json_set(\"after\", '$.city', 'Bath')"
    if db.engine.dialect.name == "postgresql":
        after = "jsonb_set(\"after\", '{city}', '\"Bath\"')"
    alter(f'UPDATE change SET "after" = {after} WHERE operation_id = :n AND entity_id = :id', n=number, id=people[1])
    alter("UPDATE student SET city = 'Bath' WHERE id = :id", id=people[1])

    part = people[1] // 256
    assert problems() == [
        f"operation {number}: its changes of students {max(part * 256, 1):,} to {part * 256 + 255:,}"
        " are not what was sealed."
    ]


def test_a_change_in_the_middle_of_a_history_is_named(people):
    edit("York")
    number = edit("Bath", "ana")
    alter("UPDATE change SET version_before = 1 WHERE operation_id = :n", n=number)

    assert problems()[0].startswith(f"student {people[0]}: operation {number} says that its version was 1, it was ")


@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE operation SET actor_name = 'Somebody else' WHERE id = :n",
        "UPDATE operation SET reason = 'none' WHERE id = :n",
        "UPDATE seal SET digest = '0' WHERE operation_id = :n",
    ],
)
def test_an_altered_entry_or_seal_is_named(people, alteration):
    number = edit("York")
    alter(alteration, n=number)

    assert problems()[0] == f"operation {number}: its entry or its seal was altered."


def test_an_operation_that_was_removed_with_everything_leaves_a_hole_in_the_chain(people):
    before = edit("York", "ana")
    number, after = edit("Bath", "ben"), edit("Hull", "cem")
    version = db.session.scalar(select(Change.version_before).where(Change.operation_id == number))
    alter(
        "UPDATE student SET city = 'Leeds', search_text = replace(search_text, 'bath', 'leeds'), version = :v,"
        " updated_at = (SELECT at FROM operation WHERE id = :v) WHERE id = :id",
        v=version,
        id=people[1],
    )
    for table, column in (("change", "operation_id"), ("seal", "operation_id"), ("operation", "id")):
        alter(f"DELETE FROM {table} WHERE {column} = :n", n=number)

    assert problems() == [
        f"operation {after} does not follow operation {before} in the chain: something was removed or altered."
    ]


def test_a_chain_cut_at_its_end_lacks_the_link_that_was_noted(people):
    number = edit("York")
    noted = proving.head(db.session())[1]
    assert list(proving.missing(db.session(), noted)) == []
    alter("DELETE FROM seal WHERE operation_id = :n", n=number)

    assert problems() == [f"operation {number}: it has no seal."]
    assert list(proving.missing(db.session(), noted)) == [
        f"The link {noted} is not in the chain: seals were cut off or made again."
    ]


def test_a_key_can_be_replaced_and_nobody_seals_without_it(app, people, monkeypatch):
    monkeypatch.setitem(app.config, "SEAL_KEYS", "first-key")
    first = edit("York")
    monkeypatch.setitem(app.config, "SEAL_KEYS", "second-key first-key")
    edit("Bath")
    assert problems() == []

    monkeypatch.setitem(app.config, "SEAL_KEYS", "second-key")
    assert problems() == [f"operation {first}: it was sealed with a key that BACKOFFICE_SEAL_KEYS does not hold."]

    monkeypatch.setitem(app.config, "SEAL_KEYS", "")
    last = edit("Hull")
    monkeypatch.setitem(app.config, "SEAL_KEYS", "second-key first-key")
    assert problems() == [f"operation {last} was sealed without a key, although earlier ones have one."]


def without_the_lock(work):
    """Does `work` while somebody else links the chain; SQLite has one writer, so there its link is taken off again."""
    if db.engine.dialect.name == "sqlite":
        number = work()
        alter("UPDATE seal SET position = NULL, link = NULL WHERE operation_id = :n", n=number)
        return number
    with db.engine.connect() as holder:
        holder.execute(text("SELECT pg_advisory_xact_lock(5274731)"))
        return work()


def test_who_lacks_the_chain_s_lock_goes_on_and_the_next_one_links_for_both(people):
    number = without_the_lock(lambda: edit("York"))
    assert db.session.get_one(Seal, number).link is None
    assert problems() == []

    edit("Bath")
    db.session.expire_all()
    assert db.session.get_one(Seal, number).link is not None
    assert problems() == []


@pytest.fixture
def long_ago(monkeypatch):
    """Returns a function that does something as if it were so many days ago."""

    def do(days, work):
        with monkeypatch.context() as patched:
            patched.setattr(sys.modules[Recording.__module__], "utcnow", lambda: utcnow() - timedelta(days=days))
            return work()

    return do


def test_pruning_removes_old_changes_and_leaves_all_proved(session, long_ago):
    ana, ben = (
        long_ago(100, lambda n=name: factories.student(full_name=n, city="Leeds").id) for name in ("Ana", "Ben")
    )
    old = long_ago(100, lambda: edit("York"))
    edit("Bath", "ana")

    pruned = pruning.prune(90, SYSTEM)

    assert pruned.title == "Prune 4 changes older than 90 days"
    assert problems() == []
    assert {row.entity_id: row.state["city"] for row in session.scalars(select(Baseline))} == {ana: "Bath", ben: "York"}
    with pytest.raises(Invalid, match="too old"):
        plan_undo(session.get_one(Operation, old), SYSTEM)


def test_what_happens_after_a_pruning_is_proved_and_taken_back(session, long_ago):
    ana = long_ago(100, lambda: factories.student(full_name="Ana", city="Leeds").id)
    long_ago(95, lambda: factories.student(full_name="Gone"))
    gone = plan_delete(Selection.parse(Student, SYSTEM, search="gone"), SYSTEM)
    apply(gone, SYSTEM)
    pruning.prune(90, SYSTEM)
    number = edit("York")
    apply(plan_undo(session.get_one(Operation, number), SYSTEM), SYSTEM)
    assert problems() == []

    alter("UPDATE student SET city = 'Bath' WHERE id = :id", id=ana)
    assert problems() == [f"student {ana}: city is 'Bath', its history says 'Leeds'."]


def test_a_baseline_that_was_altered_is_named(session, long_ago):
    ana = long_ago(100, lambda: factories.student(full_name="Ana", city="Leeds").id)
    number = pruning.prune(90, SYSTEM).id
    alter("UPDATE baseline SET version = 1")

    part = ana // 256
    assert problems()[-1] == (
        f"operation {number}: its changes of students {max(part * 256, 1):,} to {part * 256 + 255:,}"
        " are not what was sealed."
    )


def test_pruning_again_renews_what_is_kept(session, long_ago):
    long_ago(200, lambda: factories.student(full_name="Ana", city="Leeds"))
    long_ago(101, lambda: pruning.prune(90, SYSTEM))
    long_ago(100, lambda: edit("York"))
    pruning.prune(90, SYSTEM)

    assert [row.state["city"] for row in session.scalars(select(Baseline))] == ["York"]
    assert problems() == []


def test_nothing_young_is_pruned(people):
    with pytest.raises(OperationError, match="No change is older than 90 days"):
        pruning.prune(90, SYSTEM)
    with pytest.raises(OperationError, match="at least 90 days"):
        pruning.prune(89, SYSTEM)
    assert problems() == []
