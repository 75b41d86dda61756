"""Made-up rows: enough of them that none is found by looking."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.utils.timezone import localdate

from tests.benchmarks.tasks.django_site.models import Course, Enrollment, Invoice, Section, Student

STUDENTS = 240
PLACES = 24  # students of a section
GIVEN = "Ada Ben Cleo Dan Eva Finn Gina Hal Ida Jon Kim Leo Mia Ned Olga Paul".split()
FAMILY = "Archer Baker Cooper Dyer Eliot Fisher Gardner Hunter Ivory Joiner Keeper Lister Mason Nailor Oliver".split()
CITIES = "Leeds York Bath Derby Exeter Truro Wells Ripon".split()
TERMS = {"last": 180, "this": 60}  # days since they began
TERM_DAYS = 120


def fill() -> None:
    """Makes the administrator, a colleague, and all that they work on."""
    User.objects.create_superuser("admin", "admin@example.org", "admin", first_name="Maren")
    colleague = User.objects.create_superuser("grace", "grace@example.org", "grace", first_name="Grace")
    students = Student.objects.bulk_create(_student(number) for number in range(STUDENTS))
    sections = [section for term in TERMS for section in _sections(term)]
    Enrollment.objects.bulk_create(
        Enrollment(student=students[(place * 5 + number * 11) % STUDENTS], section=section)
        for number, section in enumerate(sections)
        for place in range(PLACES)
    )
    Invoice.objects.bulk_create(_invoice(number, student) for number, student in enumerate(students))
    _changed_last_month(students[7], colleague)


def _student(number: int) -> Student:
    name = f"{GIVEN[number % len(GIVEN)]} {FAMILY[number % len(FAMILY)]}"
    email = f"{name.lower().replace(' ', '.')}.{number}@example.org"
    return Student(
        number=f"S{number:05}", full_name=name, email=email, city=CITIES[number % len(CITIES)], status="active"
    )


def _sections(term: str) -> list[Section]:
    start = localdate() - timedelta(days=TERMS[term])
    made = []
    for code in ("ART101", "BIO101", "CHE101", "HIS101"):
        course, _ = Course.objects.get_or_create(code=code, defaults={"title": code.title()})
        end = start + timedelta(days=TERM_DAYS)
        made.append(
            Section.objects.create(course=course, code=f"{code}-{term}", term=term, start_date=start, end_date=end)
        )
    return made


def _invoice(number: int, student: Student) -> Invoice:
    due = localdate() - timedelta(days=number % 60)
    return Invoice(number=f"INV-{number:07}", student=student, status="unpaid", due_date=due, total=300 + number)


def _changed_last_month(student: Student, colleague: User) -> None:
    entry = LogEntry.objects.create(
        user=colleague,
        content_type=ContentType.objects.get_for_model(Student),
        object_id=str(student.pk),
        object_repr=str(student),
        action_flag=CHANGE,
        change_message=[{"changed": {"fields": ["City"]}}],
    )
    last_month = entry.action_time.replace(day=1) - timedelta(days=10)
    LogEntry.objects.filter(pk=entry.pk).update(action_time=last_month)
