"""Rules about single values: codes out of a table, and texts of a shape. They hold for every door and every row."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, not_

from backoffice.core.clock import ZONES
from backoffice.core.money import CURRENCIES
from backoffice.core.operations.rules import Row, Rule
from backoffice.core.wording import later

COUNTRY = later("A country is the two letters of ISO 3166, such as DE.")
CURRENCY = later("A currency is the three letters of ISO 4217, such as EUR.")
LANGUAGE = later("A language is a code such as en, de-CH or zh-Hant.")
PHONE = later("A phone number has digits, spaces and + ( ) - . / only; an extension follows an x.")
TIME_ZONE = later("A time zone is a name such as Europe/Berlin or UTC.")


def listed(column: str, codes: Collection[str], message: str) -> Rule:
    """Returns the rule that `column` is empty or one of `codes`."""
    known = sorted(codes)

    def refuses(before: Row | None, after: Row) -> ColumnElement[bool]:
        return getattr(after, column).not_in(known)

    return Rule(f"{column}_listed", message, (column,), refuses)


def shaped(column: str, pattern: str, message: str) -> Rule:
    """Returns the rule that `column` is empty or matches `pattern` from its beginning to its end."""

    def refuses(before: Row | None, after: Row) -> ColumnElement[bool]:
        value = getattr(after, column)
        return and_(value.is_not(None), not_(value.regexp_match(rf"^({pattern})\Z")))

    return Rule(f"{column}_shaped", message, (column,), refuses)


time_zone = listed("timezone", ZONES, TIME_ZONE)
currency = listed("currency", CURRENCIES, CURRENCY)
country = shaped("country_code", "[A-Z][A-Z]", COUNTRY)
language = shaped("locale", "[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", LANGUAGE)
phone = shaped("phone", "[0-9+(][0-9 ()./+-]*(x *[0-9]{1,6})?", PHONE)
