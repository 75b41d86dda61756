"""No list reads a whole table: the plans of every grid's pages, in each order, on both databases."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import UniqueConstraint, event, text

from backoffice.core import operations
from backoffice.core.access import Role
from backoffice.core.grid import Grid
from backoffice.core.grid.catalog import declared_field
from backoffice.core.grid.declaration import grids
from backoffice.core.grid.timeline import belongings_of
from backoffice.core.model import Record
from backoffice.core.selection import Kind, Order, Selection, approach, fields_of
from backoffice.core.selection.ordering import has_index
from backoffice.extensions import db
from tests.contracts.grids import RECORDS, make_row, typed

COMPUTED = "follows from other rows, so that no index of its table has it"
OPTIONAL = "leads nowhere from some rows, so that they are not read from the related rows on"
LONG = "is a text of any length, which no index takes"
UNORDERED = {
    ("notes", "text"): LONG,
    ("notes", "author"): OPTIONAL,
    ("courses", "owner"): OPTIONAL,
    ("sections", "instructor"): OPTIONAL,
    ("progress", "graded_by"): OPTIONAL,
    ("lines", "enrollment"): OPTIONAL,
    ("payments", "invoice"): OPTIONAL,
    ("students", "billing_status"): COMPUTED,
    ("sections", "seats_taken"): COMPUTED,
    ("sections", "waitlisted"): COMPUTED,
    ("invoices", "billing_status"): COMPUTED,
    ("staff", "last_login_at"): COMPUTED,
    ("progress", "enrollment"): COMPUTED,
}
UNFOUND = {
    ("students", "balance"): COMPUTED,
    ("invoices", "disagrees"): COMPUTED,
    ("sections", "seats_free"): COMPUTED,
    ("sections", "waitlisted"): COMPUTED,
    ("sections", "overbooked"): COMPUTED,
    ("sections", "seats_taken"): COMPUTED,
    ("staff", "last_login_at"): COMPUTED,
    ("lines", "discount_code"): "is a text that no search looks into",
    ("terms", "parent"): "leads to the same table",
}
AT_ROW = re.compile(r"\b(id|rowid)[<>]\?|Index Cond: .*(ROW\(|\bid [<>] )")
SORTS = "USE TEMP B-TREE FOR ORDER BY"
DATES = (Kind.DATE, Kind.DATETIME)
BETWEEN = re.compile(r"(\w+)>\? AND \1<\?|Index Cond: .*(\w+) >= .* AND \(?\2 <=? ")
FOR_A_HANDFUL = {"approval-policies"}  # rows that an administrator writes by hand
GRIDS = {name: grid for name, grid in RECORDS.items() if name not in FOR_A_HANDFUL}


class Admin:
    """Somebody who sees everything."""

    id, full_name, role = 1, "Somebody", Role.ADMIN.value


def orders(grid: type[Grid]) -> list[str]:
    """Returns the columns that the grid can be sorted by, without those that no index can have."""
    return [name for name in grid.columns if (grid.name, name) not in UNORDERED]


def may_be_shared(grid: type[Grid], name: str) -> bool:
    """Says whether rows may share the value of an own column."""
    field = fields_of(grid.model)[name]
    if field.kind is Kind.RELATION:
        return False
    column = field.sorted_by or field.attribute
    unique = [rule for rule in grid.model.__table__.constraints if isinstance(rule, UniqueConstraint)]
    unique += [index for index in grid.model.__table__.indexes if index.unique]
    return not any(rule.columns.keys() == [column] for rule in unique)


@pytest.fixture
def plans(app: Flask) -> Iterator[Callable[[], list[str]]]:
    """Returns a function that returns the plans of the statements run since, each as one text."""
    with app.app_context():
        postgresql = db.engine.dialect.name == "postgresql"
        if postgresql:  # tables are empty here: what an index can answer, it shall answer
            for kind in ("seqscan", "sort", "hashjoin", "mergejoin", "material"):
                db.session.execute(text(f"SET enable_{kind} = off"))
        else:
            _forget_statistics()
        seen: list[tuple[str, Any]] = []
        mine = threading.get_ident()  # another thread may be counting figures

        def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
            if statement.startswith("SELECT") and threading.get_ident() == mine:
                seen.append((statement, parameters))

        def explained() -> list[str]:
            asked, seen[:] = seen[:], []
            cursor = db.session.connection().connection.cursor()
            found = []
            for statement, parameters in asked:
                cursor.execute(f"EXPLAIN {'' if postgresql else 'QUERY PLAN '}{statement}", parameters)
                rows = cursor.fetchall()
                found.append("\n".join([row[0] for row in rows] if postgresql else steps(rows)))
            return found

        event.listen(db.engine, "before_cursor_execute", note)
        yield explained
        event.remove(db.engine, "before_cursor_execute", note)
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


def _forget_statistics() -> None:
    """Has SQLite plan as without ANALYZE, which a test of loads may have run on tables of a few rows."""
    connection: Any = db.session.connection().connection.dbapi_connection
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'").fetchone():
        connection.executescript("DELETE FROM sqlite_stat1")
        db.session.remove()
        db.engine.dispose()


def steps(rows: Sequence[tuple[int, int, int, str]]) -> list[str]:
    """Returns the steps of a plan of SQLite (number, number of the step around it, nothing, words), those inside others indented.

    Left out is what is done to the result of a subquery, whose own steps are there: a list of a page's length is sorted once
    more to be merged with another one.
    """
    results = {words.replace("CO-ROUTINE", "SCAN") for *_, words in rows if words.startswith("CO-ROUTINE")}
    around = {parent for _, parent, _, words in rows if words in results and parent}
    again = [row for row in rows if row[3] in results or (row[3] == SORTS and row[1] in around)]
    return ["  " * bool(row[1]) + row[3] for row in rows if row not in again]


def costly(plan: str) -> list[str]:
    """Returns the steps of a plan that read or sort a whole table.

    The outermost sort is of the rows of the page, and a sort of rows that share the first keys is of a few.
    """
    return [
        step
        for line in plan.splitlines()
        if (step := line.strip())
        if re.match(r" +(USE TEMP B-TREE FOR ORDER BY|->  Sort  \()", line)
        or "Seq Scan" in step
        or (
            step.startswith("SCAN ")
            and "INDEX" not in step
            and "PRIMARY KEY" not in step
            and step != "SCAN CONSTANT ROW"
        )
    ]


def scans(plan: str) -> list[str]:
    """Returns the steps of a plan that go along a table or an index from one end: nothing tells where to begin.

    PostgreSQL goes along any index of a table as small as these. There, only that it needs no table is seen.
    """
    steps = [line.strip() for line in plan.splitlines()]
    tables = db.metadata.tables
    return [step for step in steps if "Seq Scan" in step or (step[:5] == "SCAN " and step.split()[1] in tables)]


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_no_order_of_a_list_sorts_or_reads_the_whole_table(grid: type[Grid], plans: Callable[[], list[str]]) -> None:
    for _ in range(3):
        make_row(grid)
    plans()
    found = {}
    for name in orders(grid):
        for sort in (name, f"-{name}"):
            selection = Selection.parse(grid.model, Admin(), sort=(sort,))
            page = selection.page(("id",), 1)
            selection.page(("id",), 1, after=page.next)
            selection.page(("id",), 1, before=page.next)
            found[sort] = [step for plan in plans() for step in costly(plan)]

    assert {sort: steps for sort, steps in found.items() if steps} == {}


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_the_page_beside_begins_at_its_row_even_among_a_million_that_share_its_value(
    grid: type[Grid], plans: Callable[[], list[str]]
) -> None:
    for _ in range(3):
        make_row(grid)
    found = {}
    for name in filter(partial(may_be_shared, grid), orders(grid)):
        for sort in (name, f"-{name}"):
            selection = Selection.parse(grid.model, Admin(), sort=(sort,))
            here = selection.page(("id",), 1).next
            for beside in ({"after": here}, {"before": here}):
                plans()
                selection.page(("id",), 1, **beside)
                found[sort, *beside] = [plan for plan in plans() if AT_ROW.search(plan)]

    assert [asked for asked, at_row in found.items() if not at_row] == []


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_only_the_other_orders_are_for_short_lists(grid: type[Grid], app: Flask) -> None:
    unordered = {name for name in grid.columns if not has_index(grid.model, Admin(), (Order(name),))}

    assert unordered == {name for owner, name in UNORDERED if owner == grid.name}


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_no_filter_and_no_search_reads_the_whole_table(grid: type[Grid], plans: Callable[[], list[str]]) -> None:
    make_row(grid)
    plans()
    found = {}
    for search in searches(grid):
        selection = Selection.parse(grid.model, Admin(), search=search, sort=(grid.default_sort,))
        selection.page(("id",), 50)
        selection.count(10_000)
        found[search] = [step for plan in plans() for step in scans(plan)]

    assert {search: steps for search, steps in found.items() if steps} == {}


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_a_list_in_the_order_of_a_date_begins_where_the_search_for_that_date_does(
    grid: type[Grid], plans: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approach, "FEW", 0)
    make_row(grid)
    dates = [name for name in orders(grid) if (f := declared_field(grid.model, name)) and f.kind in DATES]
    plans()
    found = {}
    for name in dates:
        for sort in (name, f"-{name}"):
            searched = f"id>0 {name}:2020-01-01..2030-01-01"  # the first part is counted, nothing else
            Selection.parse(grid.model, Admin(), search=searched, sort=(sort,)).page(("id",), 50)
            found[sort] = [step for plan in plans() for step in plan.splitlines() if BETWEEN.search(step)]

    assert {sort for sort, steps in found.items() if not steps} == set()


@pytest.mark.parametrize("before", [None, 1_000_000])
def test_no_story_of_a_row_reads_the_whole_history(before: int | None, plans: Callable[[], list[str]]) -> None:
    found = {}
    for name, grid in grids().items():
        belongings = belongings_of(grid, Admin())
        if not belongings:
            continue
        row_id = make_row(type(grid))
        for _ in range(3):
            make_row(GRIDS["notes"])
        plans()
        operations.story(Admin(), grid.model, row_id, belongings, 20, before)
        found[name] = [step for plan in plans() for step in scans(plan)]

    assert found == {"students": []}


def searches(grid: type[Grid]) -> list[str]:
    """Returns a search by each field of the filter panel, for words, and for what an operation wrote last."""
    fields = {name: declared_field(grid.model, name) for name in grid.filters if (grid.name, name) not in UNFOUND}
    asked = [
        f"{name}:{field.choices[-1] if field.choices else typed(field)}"
        for name, field in fields.items()
        if field is not None
    ]
    words = ["ann", "an", "ann smith"] if grid.model.__search__ or grid.model.__search_through__ else []
    return [*asked, *words, "version:1"]


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_every_column_that_is_sorted_or_filtered_by_begins_an_index(grid: type[Grid]) -> None:
    fields = fields_of(grid.model)
    names = {name for name in (*grid.columns, *grid.filters) if name in fields and fields[name].column}
    names = {name for name in names if issubclass(grid.model, Record) and UNORDERED.get((grid.name, name)) != LONG}

    missing = {name for name in names if not _begins_an_index(grid.model, fields[name])}

    assert missing == set()


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_rows_of_one_related_row_lie_in_order_where_lists_are_sorted_by_it(grid: type[Grid]) -> None:
    related = [name for name in orders(grid) if fields_of(grid.model)[name].kind is Kind.RELATION]
    indexed = [[getattr(part, "name", "") for part in index.expressions] for index in grid.model.__table__.indexes]

    assert [name for name in related if [fields_of(grid.model)[name].column, "id"] not in indexed] == []


def _begins_an_index(model: Any, field: Any) -> bool:
    column = model.__table__.c[model.__mapper__.attrs[field.column].columns[0].name]
    leading = {next(iter(index.columns), None) for index in model.__table__.indexes}
    leading |= {next(iter(rule.columns), None) for rule in model.__table__.constraints}
    return column in leading or (
        field.kind is Kind.MONEY and column in {c for i in model.__table__.indexes for c in i.columns}
    )
