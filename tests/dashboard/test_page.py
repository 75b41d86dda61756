"""The first page: who sees which figures, how old they are, and that every link opens what it says."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import html5lib
import pytest
from sqlalchemy import select, update

from backoffice.core import clock
from backoffice.core.access import Role
from backoffice.core.summaries import renew
from backoffice.extensions import db
from backoffice.staff.models import StaffSession
from tests import factories
from tests.factories import csrf_token

FIGURE = re.compile(r'id="figure-(\w+)"')

EVERYBODY = {
    "active_enrollments",
    "applied_waiting",
    "capacity_utilisation",
    "census",
    "completion_rate",
    "enrollment_funnel",
    "enrollments_completed",
    "enrollments_dropped",
    "enrollments_started",
    "enrollments_withdrawn",
    "overbooked_sections",
    "reenrollment_rate",
    "sections_ended",
    "sections_starting_soon",
    "withdrawal_rate",
}
STUDENTS = {
    *("active_students", "new_students", "new_students_by_week", "seat_free", "students_by_status"),
    "students_in_period",
}
INVOICES = {"aging", "due_soon", "outstanding", "overdue"}
CASH = {
    "overdue_to_chase",
    "billed",
    "collected",
    "billed_and_collected",
    "collection_rate",
    "settled_without_cash",
    "disagreeing_invoices",
}
RESULTS = {"pass_rate"}

SEEN = {
    Role.ADMIN: EVERYBODY | STUDENTS | INVOICES | CASH | RESULTS,
    Role.REGISTRAR: EVERYBODY | STUDENTS | INVOICES | RESULTS | {"collected"},
    Role.FINANCE: EVERYBODY | STUDENTS | INVOICES | CASH,
    Role.COURSE_EDITOR: EVERYBODY | STUDENTS | RESULTS,
    Role.SUPPORT: EVERYBODY | STUDENTS | INVOICES | CASH,
    Role.READ_ONLY: EVERYBODY | STUDENTS | INVOICES | CASH,
}


def page_of(client) -> str:
    answer = client.get("/admin/")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_own_figures_and_no_others(small_world, sign_in, role):
    assert set(FIGURE.findall(page_of(sign_in(role)))) == SEEN[role]


def test_each_role_begins_with_what_it_came_for(small_world, sign_in):
    first = {role: FIGURE.search(page_of(sign_in(role)))[1] for role in Role}
    assert first == dict.fromkeys(Role, "applied_waiting") | {
        Role.FINANCE: "overdue_to_chase",
        Role.COURSE_EDITOR: "active_students",
    }


def test_every_figure_says_when_it_was_computed(app, small_world, sign_in):
    page = page_of(sign_in("admin"))
    ages = re.findall(r'<time datetime="([^"]+)">as of (\d\d:\d\d)</time>', page)
    assert len(ages) == len(FIGURE.findall(page))
    for instant, hour in ages:
        at = datetime.fromisoformat(instant)
        assert timedelta(0) <= clock.utcnow() - at < timedelta(minutes=1)
        assert f"{at.astimezone(ZoneInfo(app.config['TIMEZONE'])):%H:%M}" == hour


def test_refresh_is_a_form_that_computes_anew(app, small_world, sign_in):
    client = sign_in("admin")
    before = page_of(client)
    answer = client.post("/admin/refresh/", data={"csrf_token": csrf_token(before)})
    assert (answer.status_code, answer.location) == (302, "/admin/")
    assert client.get("/admin/refresh/").status_code == 405
    assert client.post("/admin/refresh/").status_code == 400


def test_signed_out_leads_to_sign_in(client):
    assert [client.get("/admin/").status_code, client.post("/admin/refresh/").status_code] == [302, 302]


@pytest.mark.parametrize("role", list(Role))
def test_every_link_on_the_page_opens(small_world, sign_in, role):
    client = sign_in(role)
    page = page_of(client)
    main = page[page.index("<main") : page.index("</main>")]
    addresses = sorted({unescape(address) for address in re.findall(r'href="(/admin/[^"]*)"', main)})
    opened = {address: client.get(address).status_code for address in addresses}
    assert opened == dict.fromkeys(addresses, 200)


@pytest.mark.parametrize("role", list(Role))
def test_the_page_is_valid_and_carries_no_style_or_script_of_its_own(small_world, sign_in, role):
    page = page_of(sign_in(role))
    html5lib.HTMLParser(strict=True).parse(page)
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script>", page)


def test_the_page_of_an_empty_organisation_opens(sign_in):
    page = page_of(sign_in("admin"))
    assert set(FIGURE.findall(page)) == SEEN[Role.ADMIN]


def test_ids_on_the_page_are_unique(small_world, sign_in):
    ids = re.findall(r'\sid="([^"]+)"', page_of(sign_in("admin")))
    assert sorted(ids) == sorted(set(ids))


def test_what_people_typed_stays_text_in_pictures_and_links(app, sign_in):
    with app.app_context():
        factories.enrollment(section=factories.section(course=factories.course(code='<b a="1">& x')), status="active")
    page = page_of(sign_in("admin"))
    assert "<b a=" not in page
    assert "&lt;b a=&#34;1&#34;&gt;&amp; x" in page


def test_a_warm_page_asks_the_database_only_for_the_session_and_the_arrangement(app, small_world, sign_in, statements):
    client = sign_in("admin")
    page_of(client)
    with statements() as warm:
        page_of(client)
    with statements() as session_only:
        client.get("/admin/nowhere")
    assert len(warm) == len(session_only) + 1  # how the person arranged it
    assert {table for statement in warm for table in re.findall(r"FROM (\w+)", statement)} <= {
        "staff_user",
        "staff_session",
        "dashboard_arrangement",
    }


def test_a_cold_page_takes_few_statements_whatever_the_number_of_rows(app, small_world, sign_in, statements):
    client = sign_in("admin")
    with app.app_context():
        renew(["enrollment", "invoice", "payment", "student", "section"])
    with statements() as cold:
        page_of(client)
    assert len([statement for statement in cold if statement.startswith("SELECT")]) <= 61


STEP = re.compile(r'<form id="step-(\w+)"')
ACTING = {Role.ADMIN: {"applied_waiting", "seat_free", "sections_ended", "overdue_to_chase"}}
ACTING |= {Role.REGISTRAR: {"applied_waiting", "seat_free", "sections_ended"}, Role.FINANCE: {"overdue_to_chase"}}


@pytest.mark.parametrize("role", list(Role))
def test_only_who_may_take_the_next_step_is_offered_it(small_world, sign_in, role):
    assert set(STEP.findall(page_of(sign_in(role)))) == ACTING.get(role, set())


def pressed(client, figure: str, button: int) -> str:
    """Returns the page that a button of a queue leads to: the row's own for 0, 1, 2, that of all rows for -1."""
    page = page_of(client)
    form = page[page.index(f'id="step-{figure}"') :].partition("</form>")[0]
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    where = re.search(r'action="([^"]+)"', form)[1]
    name, value, own = re.findall(r'name="(rowid|all)" value="(\d+)"(?: formaction="([^"]+)")?', form)[button]
    token = re.search(rf'form="step-{figure}" name="csrf_token" value="([^"]+)"', page)[1]
    answer = client.post(unescape(own or where), data=sent | {name: value, "csrf_token": token})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return client.get(answer.location).get_data(as_text=True)


def test_the_next_step_leads_to_a_review_and_changes_nothing(small_world, sign_in):
    client = sign_in("admin")
    reviews = [pressed(client, name, 0) for name in ("applied_waiting", "seat_free", "overdue_to_chase")]
    assert [re.findall(r"Apply to (\d+)", page) for page in reviews] == [["1"]] * 3
    assert "2 will change" in re.sub(r"<[^>]+>", "", pressed(client, "overdue_to_chase", -1))
    page = pressed(client, "sections_ended", 0)
    assert re.search(r'<option selected value="completed">', page)
    assert "Edit 1 enrollment" in page


def test_an_open_page_that_looks_again_does_not_keep_its_session_alive(app, sign_in):
    client = sign_in("admin")

    def seen_after(**headers: str) -> bool:
        """Says whether a request counts as a use of the session."""
        before = clock.utcnow() - timedelta(minutes=20)
        with app.app_context():
            db.session.execute(update(StaffSession).values(last_seen_at=before))
            db.session.commit()
        client.get("/admin/", headers=headers).close()
        with app.app_context():
            return db.session.scalars(select(StaffSession.last_seen_at)).one() != before

    assert (seen_after(**{"X-Look": "again"}), seen_after()) == (False, True)
