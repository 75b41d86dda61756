"""The five OULAD files as checked rows; what cannot be understood is refused with its file, row, field and reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, TypeVar

from backoffice.core.exchange import read_table
from backoffice.interchange.oulad.cells import Cells, Unfit, days_of, filled_of, number_of, one_of, seat, section_of
from backoffice.interchange.refusals import Refusal

FILES = {
    "courses.csv": ("code_module", "code_presentation", "module_presentation_length"),
    "assessments.csv": ("code_module", "code_presentation", "id_assessment", "assessment_type", "date", "weight"),
    "studentRegistration.csv": (
        "code_module",
        "code_presentation",
        "id_student",
        "date_registration",
        "date_unregistration",
    ),
    "studentInfo.csv": (
        "code_module",
        "code_presentation",
        "id_student",
        "region",
        "age_band",
        "num_of_prev_attempts",
        "final_result",
    ),
    "studentAssessment.csv": ("id_assessment", "id_student", "date_submitted", "is_banked", "score"),
}
_FIRST_MONTHS = {"B": 2, "J": 10}  # the letter of a presentation is the month that it begins in
RESULTS = ("Pass", "Withdrawn", "Fail", "Distinction")
AGE_BANDS = ("0-35", "35-55", "55<=")
ASSESSMENT_TYPES = ("TMA", "CMA", "Exam")


class Missing(Exception):
    """A file or a column of the dataset is not there; the text says which one."""


@dataclass(frozen=True)
class Presentation:
    """A row of courses.csv: a module as it was given once; here a section."""

    row: int
    module: str
    code: str
    start: date
    end: date

    @property
    def key(self) -> str:
        return f"{self.module}-{self.code}"


@dataclass(frozen=True)
class Assessment:
    """A row of assessments.csv; `due` is the day of the section, None for an exam in its last week."""

    row: int
    number: str
    section: str
    type: str
    due: int | None
    weight: Decimal

    @property
    def key(self) -> str:
        return self.number


@dataclass(frozen=True)
class Registration:
    """A row of studentRegistration.csv; days count from the section's start."""

    row: int
    section: str
    student: str
    registered: int | None
    unregistered: int | None

    @property
    def key(self) -> str:
        return seat(self.section, self.student)


@dataclass(frozen=True)
class Info:
    """A row of studentInfo.csv: who the student was in one section, and how it ended."""

    row: int
    section: str
    student: str
    region: str
    age_band: str
    previous_attempts: int
    result: str

    @property
    def key(self) -> str:
        return seat(self.section, self.student)


@dataclass(frozen=True)
class Submission:
    """A row of studentAssessment.csv; `banked` results were carried over from an earlier presentation."""

    row: int
    assessment: str
    student: str
    submitted: int
    banked: bool
    score: Decimal | None

    @property
    def key(self) -> str:
        return f"{self.assessment}/{self.student}"


Refuse = Callable[[Refusal, Cells], None]  # told of each refused row
Made = TypeVar("Made")


def rows_of(directory: Path, name: str, make: Callable[[int, Cells], Made], refuse: Refuse) -> Iterator[Made]:
    """Yields what `make` makes of each row of a file; a row of which it raises Unfit goes to `refuse` instead.

    Raises Missing where the file or a column is not there, Unreadable where the file is damaged.
    """
    with _opened(directory, name) as file:
        table = read_table(file)
        absent = [column for column in FILES[name] if column not in table.header]
        if absent:
            raise Missing(f"{name} has no column {', '.join(absent)}. Take the file as OULAD publishes it.")
        for line in table.lines:
            try:
                if line.problem:
                    raise Unfit("", line.problem)
                made = make(line.number, line.values)
            except Unfit as unfit:
                refuse(Refusal(name, line.number, unfit.field, str(unfit)), line.values)
            else:
                yield made


def rows_in(directory: Path, name: str) -> int:
    """Returns about how many rows a file has, for a progress bar."""
    with _opened(directory, name) as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(2**20), b""))


def _opened(directory: Path, name: str) -> BinaryIO:
    try:
        return (directory / name).open("rb")
    except OSError as error:
        raise Missing(
            f"{directory / name} cannot be read ({error.strerror}). Name the folder that holds the files of OULAD."
        ) from error


def presentation(row: int, cells: Cells) -> Presentation:
    """Returns a row of courses.csv. Raises Unfit, as its four sisters do."""
    code = filled_of(cells, "code_presentation")
    month = _FIRST_MONTHS.get(code[4:])
    if not (code[:4].isascii() and code[:4].isdigit() and 1990 <= int(code[:4]) <= 2100 and month):
        raise Unfit("code_presentation", f"“{code}” is no presentation, such as 2014B or 2014J")
    start = date(int(code[:4]), month, 1)
    length = days_of(cells, "module_presentation_length")
    if length is None or not 1 <= length <= 1_000:
        raise Unfit("module_presentation_length", "a presentation lasts 1 to 1,000 days")
    return Presentation(row, filled_of(cells, "code_module"), code, start, start + timedelta(days=length))


def assessment(row: int, cells: Cells) -> Assessment:
    """Returns a row of assessments.csv."""
    weight = number_of(cells, "weight")
    if weight is None or not 0 <= weight <= 100:
        raise Unfit("weight", "a weight lies between 0 and 100")
    type_ = one_of(cells, "assessment_type", ASSESSMENT_TYPES)
    return Assessment(row, filled_of(cells, "id_assessment"), section_of(cells), type_, days_of(cells, "date"), weight)


def registration(row: int, cells: Cells) -> Registration:
    """Returns a row of studentRegistration.csv."""
    registered, unregistered = days_of(cells, "date_registration"), days_of(cells, "date_unregistration")
    if registered is not None and unregistered is not None and unregistered < registered:
        raise Unfit("date_unregistration", "the student left before registering")
    return Registration(row, section_of(cells), filled_of(cells, "id_student"), registered, unregistered)


def info(row: int, cells: Cells) -> Info:
    """Returns a row of studentInfo.csv."""
    attempts = days_of(cells, "num_of_prev_attempts")
    if attempts is None or not 0 <= attempts <= 99:
        raise Unfit("num_of_prev_attempts", "the number of earlier attempts is 0 or more")
    return Info(
        row,
        section_of(cells),
        filled_of(cells, "id_student"),
        cells["region"].strip(),
        one_of(cells, "age_band", AGE_BANDS),
        attempts,
        one_of(cells, "final_result", RESULTS),
    )


def submission(row: int, cells: Cells) -> Submission:
    """Returns a row of studentAssessment.csv."""
    score = number_of(cells, "score")
    if score is not None and not 0 <= score <= 100:
        raise Unfit("score", "a score lies between 0 and 100")
    submitted = days_of(cells, "date_submitted")
    if submitted is None:
        raise Unfit("date_submitted", "a result has a day of submission")
    banked = one_of(cells, "is_banked", ("0", "1")) == "1"
    return Submission(row, filled_of(cells, "id_assessment"), filled_of(cells, "id_student"), submitted, banked, score)
