"""Proof of the history itself: each operation is what was sealed, and none is missing from the chain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.core.operations import sealing
from backoffice.core.operations.models import Operation, Seal
from backoffice.core.operations.sealing import PART, Parts
from backoffice.core.operations.tables import plural

BATCH = 500


def problems(session: Session) -> Iterator[str]:
    """Yields a sentence for everything that is not as it was sealed; nothing when all is well."""
    pruning = newest_pruning(session)
    began = session.scalar(select(func.min(Seal.operation_id))) or 0
    last = 0
    pairs = select(Operation, Seal).outerjoin(Seal, Seal.operation_id == Operation.id).order_by(Operation.id)
    while found := session.execute(pairs.where(Operation.id > last).limit(BATCH)).all():
        first, last = found[0][0].id, found[-1][0].id
        present = sealing.digests(session.connection(), first, last)
        for entry, seal in found:
            if seal is not None:
                yield from _of_one(session, entry, seal, present.get(entry.id, {}), pruning)
            elif entry.id > began > 0:
                yield f"operation {entry.id}: it has no seal."
    yield from _chain(session)


def newest_pruning(session: Session) -> Seal | None:
    """Returns the seal of the last pruning, if its own digest is right."""
    pruned = select(Seal).where(Seal.through.is_not(None)).order_by(Seal.operation_id.desc()).limit(1)
    seal = session.scalars(pruned).first()
    return seal if seal is not None and _is_whole(session.get_one(Operation, seal.operation_id), seal) else None


def head(session: Session) -> tuple[int, str]:
    """Returns how many seals are in the chain, and the last link: note it elsewhere, and nobody can cut the chain."""
    last = select(Seal.position, Seal.link).where(Seal.position.is_not(None)).order_by(Seal.position.desc()).limit(1)
    row = session.execute(last).first()
    return (int(row[0] or 0), str(row[1])) if row else (0, "")


def missing(session: Session, link: str) -> Iterator[str]:
    """Yields a sentence if a link that was noted earlier is no longer in the chain."""
    if link and session.scalar(select(Seal.position).where(Seal.link == link)) is None:
        yield f"The link {link} is not in the chain: seals were cut off or made again."


def _is_whole(entry: Operation, seal: Seal) -> bool:
    key = sealing.seal_keys().get(seal.key)
    return key is not None and seal.digest == sealing.entry_digest(key, entry, seal.parts, seal.through)


def _of_one(session: Session, entry: Operation, seal: Seal, present: Parts, pruning: Seal | None) -> Iterator[str]:
    if seal.key not in sealing.seal_keys():
        yield f"operation {entry.id}: it was sealed with a key that BACKOFFICE_SEAL_KEYS does not hold."
    elif not _is_whole(entry, seal):
        yield f"operation {entry.id}: its entry or its seal was altered."
    if seal.through is not None:
        newest = pruning is not None and seal.operation_id == pruning.operation_id
        present = sealing.digests(session.connection(), entry.id, entry.id, kept=True).get(entry.id, {})
        pruned = not newest
    else:
        pruned = pruning is not None and entry.id <= (pruning.through or 0)
    if pruned and not present:
        return
    for part in sorted(seal.parts.keys() | present.keys()):
        if seal.parts.get(part) != present.get(part):
            yield f"operation {entry.id}: {_rows(part)} are not what was sealed."


def _rows(part: str) -> str:
    kind, number = part.split("/")
    first = int(number) * PART
    return f"its changes of {plural(kind)} {max(first, 1):,} to {first + PART - 1:,}"


def _chain(session: Session) -> Iterator[str]:
    keys, place, before, previous = sealing.seal_keys(), 0, "the beginning", ""
    columns = (Seal.position, Seal.operation_id, Seal.key, Seal.digest, Seal.link)
    linked: Any = select(*columns).where(Seal.position.is_not(None)).order_by(Seal.position)
    keyed = False
    for position, number, key, digest, link in session.execute(linked, execution_options={"yield_per": BATCH}):
        place += 1
        expected = sealing.digest_of(keys[key], previous, digest) if key in keys else link
        if position != place or link != expected:
            yield f"operation {number} does not follow {before} in the chain: something was removed or altered."
        if keyed and not key:
            yield f"operation {number} was sealed without a key, although earlier ones have one."
        keyed = keyed or bool(key)
        place, before, previous = position, f"operation {number}", link
