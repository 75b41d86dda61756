"""Students, courses, sections, enrollments and invoices, as far as the tasks ask of them."""

from __future__ import annotations

from django.db import models


class Student(models.Model):
    number = models.CharField(max_length=20, unique=True)
    full_name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    city = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=20, choices=[(name, name.title()) for name in ("active", "withdrawn")])

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.number} {self.full_name}"


class Course(models.Model):
    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.code


class Section(models.Model):
    course = models.ForeignKey(Course, models.PROTECT)
    code = models.CharField(max_length=40, unique=True)
    term = models.CharField(max_length=20)
    start_date = models.DateField()
    end_date = models.DateField()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Enrollment(models.Model):
    student = models.ForeignKey(Student, models.PROTECT)
    section = models.ForeignKey(Section, models.PROTECT)
    status = models.CharField(
        max_length=20, choices=[(name, name.title()) for name in ("active", "withdrawn")], default="active"
    )
    end_date = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"{self.student} in {self.section}"


class Invoice(models.Model):
    number = models.CharField(max_length=20, unique=True)
    student = models.ForeignKey(Student, models.PROTECT)
    status = models.CharField(max_length=20, choices=[(name, name.title()) for name in ("unpaid", "paid")])
    due_date = models.DateField()
    total = models.DecimalField(max_digits=10, decimal_places=2)
    paid_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return self.number
