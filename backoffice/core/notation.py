"""How numbers, dates and times of day are written: as the organisation does, or as one of LOCALES does, by CLDR's patterns.

A notation is made once; what it writes then costs about as much as Python's own formatting.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import DateTimePattern, parse_pattern

USUAL = (3, 3)  # digits of the last group, and of those before it
LOCALES = tuple(
    """
    cs_CZ da_DK de_AT de_CH de_DE en_AU en_CA en_GB en_IE en_IN en_NZ en_US en_ZA es_ES es_MX fi_FI fr_BE fr_CA fr_CH fr_FR
    he_IL hu_HU it_IT ja_JP ko_KR nb_NO nl_BE nl_NL pl_PL pt_BR pt_PT ro_RO ru_RU sk_SK sv_SE tr_TR uk_UA zh_Hans_CN
    """.split()
)
# What Babel's patterns are made of, for `str.format`: of an instant, its hour on a clock of twelve, and the half of the day.
_PIECES = {
    "d": "{0.day}",
    "dd": "{0.day:02}",
    "M": "{0.month}",
    "MM": "{0.month:02}",
    "y": "{0.year}",
    "H": "{0.hour}",
    "HH": "{0.hour:02}",
    "h": "{1}",
    "mm": "{0.minute:02}",
    "a": "{2}",
}
_DAY_PIECE = re.compile(r"\{0\.(day|month|year)[^}]*\}")
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")
_THREE_PLACES = re.compile(r"-?\d{1,3}\.\d{3}")


class TwoWays(ValueError):
    """A text that is one number by its reader's notation and another one by Python's."""

    def __init__(self, text: str, meant: str, other: str) -> None:
        super().__init__(f"“{text}” can be read in two ways. Write {meant} or {other}.")
        self.text = text
        self.meant = meant
        self.other = other


class Notation:
    """The organisation's: "1,234.50", "2026-03-01", "14:05"."""

    name = ""

    def figures(self, number: str) -> str:
        """Returns a number that Python wrote, as in f"{x:,}" or f"{x:,f}"."""
        return number

    def day(self, day: date) -> str:
        """Returns a date."""
        return day.isoformat()

    def day_in_words(self, day: date) -> str:
        """Returns a date where there is room: with the month's name, if the organisation writes it."""
        return f"{day:%-d %b %Y}"

    def box(self, number: str) -> str:
        """Returns a number that Python wrote, without groups, as a box of a form holds it: so that it reads as nothing else."""
        return number

    def typed_number(self, text: str) -> str:
        """Returns a number that was typed in this notation as Python writes it; any other text as it is.

        Raises ValueError, whose text is for people, for what Python would read as another number.
        """
        return text

    def typed_day(self, text: str) -> str:
        """Returns a date that was typed in this notation as ISO 8601 has it; any other text as it is."""
        return text

    def hour(self, at: datetime) -> str:
        """Returns the time of day."""
        return f"{at:%H:%M}"

    def hour_and_day(self, at: datetime) -> str:
        """Returns a time soon, in words."""
        return f"{at:%H:%M on %-d %B}"

    def moment(self, at: datetime) -> str:
        """Returns a date with its time and its zone."""
        return f"{at:%Y-%m-%d %H:%M %Z}"


class Local(Notation):
    """That of a locale: "1.234,50", "01.03.2026", "14:05". Years are written whole."""

    def __init__(self, name: str) -> None:
        locale = Locale.parse(name)
        self.name = name
        self._day, self._hour = _template(_whole_year(locale)), _template(locale.time_formats["short"])
        self._moment = locale.datetime_formats["short"].format(self._hour, self._day)
        halves = locale.day_periods["format"]["abbreviated"]
        self._halves = halves["am"], halves["pm"]
        symbols, self._groups = locale.number_symbols["latn"], locale.decimal_formats[None].grouping
        self._signs = str.maketrans({",": symbols["group"], ".": symbols["decimal"]})
        self._number = _number(symbols["group"], symbols["decimal"], self._groups[1])
        self._typed_day = _reading(self._day)
        self._mistaken = symbols["group"] == "."  # three places behind a point look like thousands

    def figures(self, number: str) -> str:
        if self._groups != USUAL and "," in number:
            number = _grouped(number, self._groups)
        return number.translate(self._signs)

    def day(self, day: date) -> str:
        return self._day.format(day)

    def day_in_words(self, day: date) -> str:
        return self.day(day)

    def box(self, number: str) -> str:
        return f"{number}0" if self._mistaken and _THREE_PLACES.fullmatch(number) else number

    def typed_number(self, text: str) -> str:
        found = self._number.fullmatch(text.strip())
        if not found:
            return text
        sign, whole, places = found[1], re.sub(r"\D", "", found[2]), found[3]
        meant = f"{sign}{whole}.{places}" if places else f"{sign}{whole}"
        if _PLAIN.fullmatch(text.strip()) and Decimal(text) != Decimal(meant):
            other = self.figures(f"{Decimal(text).normalize():f}")
            raise TwoWays(text, meant, other)
        return meant

    def typed_day(self, text: str) -> str:
        found = self._typed_day.fullmatch(text.strip())
        try:
            return date(*(int(found[part]) for part in ("year", "month", "day"))).isoformat() if found else text
        except ValueError:
            return text

    def hour(self, at: datetime) -> str:
        return self._filled(self._hour, at)

    def hour_and_day(self, at: datetime) -> str:
        return self._filled(self._moment, at)

    def moment(self, at: datetime) -> str:
        return f"{self._filled(self._moment, at)} {at:%Z}"

    def _filled(self, template: str, at: datetime) -> str:
        return template.format(at, at.hour % 12 or 12, self._halves[at.hour >= 12])


ORGANISATIONS = Notation()


@cache
def notation(name: str) -> Notation:
    """Returns the notation of one of LOCALES; the organisation's for any other name."""
    return Local(name) if name in LOCALES else ORGANISATIONS


def _whole_year(locale: Locale) -> DateTimePattern:
    """Returns the short pattern of dates, such as dd.MM.yy, with the year as dd.MM.y has it."""
    return parse_pattern(locale.date_formats["short"].pattern.replace("yy", "y"))


def _template(pattern: DateTimePattern) -> str:
    """Returns a pattern for `str.format`. Raises KeyError for what no pattern of LOCALES holds."""
    return re.sub(r"%\((\w+)\)s", lambda found: _PIECES[found[1]], str(pattern.format)).replace("%%", "%")


def _reading(template: str) -> re.Pattern[str]:
    """Returns what matches the dates that a template writes, zeros in front or not."""
    *pairs, rest = _DAY_PIECE.split(template)
    parts = zip(pairs[::2], pairs[1::2], strict=True)
    return re.compile("".join(rf"{re.escape(text)}(?P<{name}>\d{{1,4}})" for text, name in parts) + re.escape(rest))


def _number(group: str, decimal: str, size: int) -> re.Pattern[str]:
    """Returns what matches a number in a notation: its sign, its whole part, and its places."""
    between = r"\s" if group.isspace() else f"[{re.escape(group)}’]" if group == "'" else re.escape(group)
    grouped = rf"\d{{1,{size}}}(?:{between}\d{{{size}}})*{between}\d{{3}}"
    return re.compile(rf"([+-]?)({grouped}|\d+)(?:{re.escape(decimal)}(\d+))?")


def _grouped(number: str, groups: tuple[int, int]) -> str:
    """Returns a number with thousands apart in other groups: "12,34,567" for "1,234,567"."""
    whole, point, places = number.replace(",", "").partition(".")
    last, other = groups
    front = re.sub(rf"(?<=\d)(?=(?:\d{{{other}}})+$)", ",", whole[:-last])
    return f"{front},{whole[-last:]}{point}{places}"
