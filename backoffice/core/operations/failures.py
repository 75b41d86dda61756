"""What a database refuses, told as people would tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from backoffice.core.operations.constraints import Sentence, sentence_of, sentence_of_unique
from backoffice.core.operations.errors import Busy, Invalid
from backoffice.core.wording import gettext

_BUSY_STATES = ("55P03", "40P01", "40001", "57014")  # lock not available, deadlock, serialization, cancelled
_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")
_CHECK = re.compile(r"CHECK constraint failed: (\w+)")
_NOT_NULL = re.compile(r"NOT NULL constraint failed: (\w+)\.(\w+)")


@contextmanager
def in_words() -> Iterator[None]:
    """Turns what the database refuses into Invalid, and a lock that does not come into Busy."""
    try:
        yield
    except StaleDataError as error:
        raise Busy from error
    except IntegrityError as error:
        raise _invalid(error.orig) from error
    except DataError as error:
        raise Invalid({"": gettext("A value is too long or out of range. Nothing was changed.")}) from error
    except (OperationalError, DBAPIError) as error:
        if _is_busy(error.orig):
            raise Busy from error
        raise


def _is_busy(cause: Any) -> bool:
    return getattr(cause, "sqlstate", None) in _BUSY_STATES or "database is locked" in str(cause)


def _invalid(cause: Any) -> Invalid:
    field, message = _sentence(cause)
    return Invalid({field: message})


def _sentence(cause: Any) -> Sentence:
    diagnosis = getattr(cause, "diag", None)
    if diagnosis is not None:
        if diagnosis.constraint_name:
            return sentence_of(diagnosis.constraint_name)
        return diagnosis.column_name or "", gettext("A value is missing.")
    text = str(cause)
    if found := _UNIQUE.search(text):
        return sentence_of_unique(found.group(1))
    if found := _CHECK.search(text):
        return sentence_of(found.group(1))
    if found := _NOT_NULL.search(text):
        return found.group(2), gettext("A value is missing.")
    if "FOREIGN KEY" in text:
        return "", gettext("Other rows refer to one of these, or one of these refers to a row that no longer exists.")
    return "", gettext("The database refused the values. Nothing was changed.")
