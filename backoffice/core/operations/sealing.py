"""Seals: what an operation did, as digests that nobody can make again who may write the database but lacks the key.

Each operation is sealed in its own transaction. Its changes are digested in parts of 256 rows, so that a proof can say
where something was altered; the seal's digest is over these parts and the entry. Seals form a chain in which none can go
missing; it is linked by whoever gets its lock without waiting, for all who did not. So writers never stand in line for it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import Connection, bindparam, func, select, text
from sqlalchemy.orm import Session

from backoffice.core.operations import birth_digests, births
from backoffice.core.operations.birth_digests import PART
from backoffice.core.operations.models import Operation, Seal

if TYPE_CHECKING:
    from backoffice.core.operations.recording import Recording

_LOCK = 5_274_731  # of the chain, on PostgreSQL; SQLite has one writer anyway
_SORT_MEMORY = "64MB"
_FETCHED = 4096

Parts = dict[str, str]

_CHANGE = """entity_id || ' ' || action || ' ' || coalesce(version_before, 0) || ' ' || coalesce(version_after, 0)
    || ' ' || coalesce(CAST("before" AS TEXT), '') || ' ' || coalesce(CAST("after" AS TEXT), '')"""
_BASELINE = "entity_id || ' ' || change_id || ' ' || version || ' ' || CAST(state AS TEXT)"
_SQLITE = {
    name: text(
        f"SELECT operation_id, entity_type, entity_id / :part, {line} FROM {name}"  # noqa: S608  names and lines are ours
        " WHERE operation_id BETWEEN :first AND :last ORDER BY operation_id, entity_type, entity_id"
    )
    for name, line in (("change", _CHANGE), ("baseline", _BASELINE))
}
_POSTGRESQL = {
    name: text(
        "SELECT operation_id, entity_type, entity_id / :part,"  # noqa: S608
        f" encode(sha256(convert_to(string_agg({line}, chr(10) ORDER BY entity_id), 'UTF8')), 'hex')"
        f" FROM {name} WHERE operation_id BETWEEN :first AND :last GROUP BY 1, 2, 3"
    )
    for name, line in (("change", _CHANGE), ("baseline", _BASELINE))
}

_LAST = select(Seal.position, Seal.link).where(Seal.position.is_not(None)).order_by(Seal.position.desc()).limit(1)
_WAITING = (
    select(Seal)
    .where(Seal.position.is_(None), Seal.key.in_(bindparam("known", expanding=True)))
    .order_by(Seal.operation_id)
)


def seal_keys() -> dict[str, bytes]:
    """Returns the keys by their fingerprints: the first one seals, all prove; "" is the lack of one, as at the start."""
    given = [key.encode() for key in str(current_app.config["SEAL_KEYS"]).split()]
    return {hashlib.sha256(b"seal" + key).hexdigest()[:16]: key for key in given} | {"": b""}


def digest_of(key: bytes, *texts: str) -> str:
    """Returns the digest of texts, with the key where there is one."""
    content = "\n".join(texts).encode()
    return hmac.new(key, content, "sha256").hexdigest() if key else hashlib.sha256(content).hexdigest()


def entry_digest(key: bytes, entry: Operation, parts: Parts, through: int | None) -> str:
    """Returns the digest over an operation's entry and the digests of its changes."""
    told = {
        "id": entry.id,
        "at": entry.at.timestamp(),
        "actor": [entry.actor_id, entry.actor_name],
        "did": [entry.door, entry.verb, entry.entity_type, entry.row_count, entry.counts, entry.columns],
        "words": [entry.title, entry.selection, entry.reason],
        "undoes": entry.undoes_id,
        "parts": parts,
        "through": through,
    }
    if entry.approver_id is not None or entry.approver_name or entry.approval:
        told["approved"] = [entry.approver_id, entry.approver_name, entry.approval]
    return digest_of(key, json.dumps(told, sort_keys=True))


def seal(operation: Recording) -> None:
    """Seals an operation whose entry is written, and links what is not in the chain yet."""
    name, key = next(iter(seal_keys().items()))
    through = operation.through
    parts = _digests_of(operation)
    digest = entry_digest(key, operation.entry, parts, through)
    own = Seal(operation_id=operation.id, parts=parts, through=through, key=name, digest=digest)
    _link(operation.session, operation.dialect, own)
    operation.session.add(own)
    operation.session.flush()


def _digests_of(operation: Recording) -> Parts:
    """Returns the digests of the operation in progress; runs of births are looked for only where it loaded rows."""
    pruned = operation.through is not None
    read = digests if operation.has_loaded and not pruned else _written
    return read(operation.connection, operation.id, operation.id, pruned).get(operation.id, {})


def _link(session: Session, dialect: str, own: Seal) -> None:
    """Gives the seals that wait their places in the chain, and then `own`; none where somebody else is at it."""
    if dialect == "postgresql" and not session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
        return
    position, link = session.execute(_LAST).first() or (0, "")
    known = seal_keys()
    for one in (*session.scalars(_WAITING, {"known": list(known)}), own):
        position, link = (position or 0) + 1, digest_of(known[one.key], link or "", one.digest)
        one.position, one.link = position, link


def digests(connection: Connection, first: int, last: int, kept: bool = False) -> dict[int, Parts]:
    """Returns the digests of what operations `first` to `last` left, by operation and part: "student/3" are the changes
    of students 768 to 1023; what they loaded counts as if each creation had been written down. `kept`: of the baselines
    that a pruning wrote instead of changes."""
    found = _written(connection, first, last, kept)
    if not kept:
        for run in births.runs(connection, births.BIRTH.c.operation_id.between(first, last)):
            found[run.operation_id] |= birth_digests.of_run(connection, run)
    return found


def _written(connection: Connection, first: int, last: int, kept: bool) -> dict[int, Parts]:
    source = "baseline" if kept else "change"
    found: dict[int, Parts] = defaultdict(dict)
    within = {"first": first, "last": last, "part": PART}
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL work_mem = '{_SORT_MEMORY}'"))
        for operation, kind, number, digest in connection.execute(_POSTGRESQL[source], within):
            found[operation][f"{kind}/{number}"] = digest
        return found
    rows = connection.execute(_SQLITE[source], within, execution_options={"yield_per": _FETCHED})
    for (operation, kind, number), lines in groupby(rows, key=itemgetter(0, 1, 2)):
        found[operation][f"{kind}/{number}"] = hashlib.sha256("\n".join(line[3] for line in lines).encode()).hexdigest()
    return found
