"""The admins: search, filters, cells to edit in the list, seats beside their section, and two actions written by hand."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate

from tests.benchmarks.tasks.django_site.models import Course, Enrollment, Invoice, Section, Student

REASONS = ("academic", "financial", "personal", "other")


class ActiveIn(admin.SimpleListFilter):
    """Students with an active seat in a section of a term, each once."""

    title = "active in term"
    parameter_name = "active_in"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        terms = Section.objects.order_by("term").values_list("term", flat=True).distinct()
        return [(term, term) for term in terms]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Student]) -> QuerySet[Student]:
        if not self.value():
            return queryset
        return queryset.filter(enrollment__section__term=self.value(), enrollment__status="active").distinct()


@admin.register(Student)
class StudentAdmin(admin.ModelAdmin):
    list_display = ("number", "full_name", "email", "city", "status")
    list_editable = ("email", "city")
    list_filter = (ActiveIn, "status", "city")
    search_fields = ("number", "full_name", "email")


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin):
    list_display = ("code", "title")
    search_fields = ("code", "title")


class Seats(admin.TabularInline):
    model = Enrollment
    fields = ("student", "status")
    autocomplete_fields = ("student",)
    extra = 5


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ("code", "course", "term", "start_date", "end_date")
    list_filter = ("term", "course")
    search_fields = ("code",)
    inlines = (Seats,)


class WithdrawalForm(ActionForm):
    """What a withdrawal needs, beside the choice of the action."""

    last_day = forms.DateField(required=False)
    reason = forms.ChoiceField(required=False, choices=[("", "")] + [(name, name.title()) for name in REASONS])


@admin.register(Enrollment)
class EnrollmentAdmin(admin.ModelAdmin):
    list_display = ("student", "section", "status", "end_date")
    list_filter = ("section", "status")
    list_select_related = ("student", "section")
    search_fields = ("student__full_name", "student__number", "section__code")
    autocomplete_fields = ("student", "section")
    action_form = WithdrawalForm
    actions = ("withdraw",)

    @admin.action(description="Withdraw selected enrollments")
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Enrollment]) -> None:
        day, reason = request.POST.get("last_day"), request.POST.get("reason")
        if not day or not reason:
            self.message_user(request, "Say the last day and the reason.", messages.ERROR)
            return
        number = queryset.update(status="withdrawn", end_date=date.fromisoformat(day), end_reason=reason)
        self.message_user(request, f"{number} enrollments withdrawn.", messages.SUCCESS)


@admin.register(Invoice)
class InvoiceAdmin(admin.ModelAdmin):
    list_display = ("number", "student", "status", "due_date", "total")
    list_filter: ClassVar[Any] = ("status",)
    list_per_page = 20
    list_select_related = ("student",)
    search_fields = ("number", "student__full_name")
    autocomplete_fields = ("student",)
    actions = ("mark_paid",)

    @admin.action(description="Mark selected invoices as paid")
    def mark_paid(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> None:
        number = queryset.update(status="paid", paid_on=localdate())
        self.message_user(request, f"{number} invoices marked as paid.", messages.SUCCESS)
