"""Which rows an operation was the last to write: among which they are, its changes say, without an index of versions."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CompoundSelect, Table, exists, select, union_all

from backoffice.core.model import Record
from backoffice.core.operations.births import BIRTH
from backoffice.core.operations.changes import CHANGE, changed_ids
from backoffice.core.operations.models import Baseline
from backoffice.core.operations.tables import table_of

_BASELINE = cast(Table, Baseline.__table__)


def last_written(model: type[Record], version: int) -> CompoundSelect[Any]:
    """Returns the SELECT of ids among which are all rows of `model` whose version is the number of that operation.

    It wrote them, or loaded them; where its changes were pruned, the rows are among those whose history was cut. An undo
    that brings a version back brings it to a row that the operation wrote.
    """
    rows, kind = table_of(model), table_of(model).name
    loaded = select(rows.c.id).join(BIRTH, rows.c.id.between(BIRTH.c.first_id, BIRTH.c.last_id))
    loaded = loaded.where(BIRTH.c.operation_id == version, BIRTH.c.entity_type == kind)
    is_known = (exists().where(source.c.operation_id == version) for source in (CHANGE, BIRTH))
    cut = select(_BASELINE.c.entity_id).where(_BASELINE.c.entity_type == kind, *(~known for known in is_known))
    return union_all(changed_ids(version, kind), loaded, cut)
