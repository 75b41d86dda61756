"""Small answers beside the figures, texts by two names, kept as long as nobody writes what they were made from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from itertools import chain

from flask import current_app

from backoffice.core.summaries import freshness
from backoffice.extensions import cache

Answer = dict[str, dict[str, str]]


def remembered(name: str, tables: Iterable[str], make: Callable[[Answer], tuple[Answer, bool]]) -> Answer:
    """Returns what `make` makes of `tables`, as JSON holds it: from the cache while it is true.

    `name` says all that tells one answer from another: whose rows they are as well. `make` also says whether its answer is
    whole; if not, it is given that answer the next time, to go on from there.
    """
    key = f"answer:{hashlib.sha256(name.encode()).hexdigest()}"
    stamps = freshness.take(tables)
    found = cache.get(key)
    kept = found if isinstance(found, dict) and found.get("stamps") == stamps else {}
    begun = _answer(kept.get("answer"))
    if begun and kept.get("whole") is True:
        return begun
    answer, whole = make(begun)
    cache.set(key, {"stamps": stamps, "answer": answer, "whole": whole}, timeout=current_app.config["FIGURE_SECONDS"])
    return answer


def _answer(stored: object) -> Answer:
    """Returns what was kept if it is an answer, an empty one otherwise."""
    if not isinstance(stored, dict) or not all(isinstance(part, dict) for part in stored.values()):
        return {}
    words = chain.from_iterable(part.values() for part in stored.values())
    return stored if all(isinstance(word, str) for word in words) else {}
