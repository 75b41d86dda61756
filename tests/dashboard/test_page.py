"""The first page: who sees which figures, how old they are, and that every link opens what it says."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import html5lib
import pytest

from backoffice.core import clock
from backoffice.core.access import Role
from backoffice.core.summaries import renew
from tests import factories
from tests.factories import csrf_token

FIGURE = re.compile(r'id="figure-(\w+)"')

EVERYBODY = {
    "active_enrollments",
    "capacity_utilisation",
    "census",
    "completion_rate",
    "enrollment_funnel",
    "overbooked_sections",
    "reenrollment_rate",
    "sections_starting_soon",
    "withdrawal_rate",
    "work_queue",
}
STUDENTS = {"active_students", "new_students_by_week", "students_by_status"}
INVOICES = {"aging", "due_soon", "outstanding", "overdue"}
CASH = {"billed_and_collected", "collection_rate", "settled_without_cash", "disagreeing_invoices"}
RESULTS = {"pass_rate"}

SEEN = {
    Role.ADMIN: EVERYBODY | STUDENTS | INVOICES | CASH | RESULTS,
    Role.REGISTRAR: EVERYBODY | STUDENTS | INVOICES | RESULTS,
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
    first = {role: re.search(r'id="group-1">(\w+)<', page_of(sign_in(role)))[1] for role in Role}
    assert first == dict.fromkeys(Role, "Attention") | {Role.FINANCE: "Money", Role.COURSE_EDITOR: "Results"}


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


def test_a_warm_page_asks_the_database_only_for_the_session(app, small_world, sign_in, statements):
    client = sign_in("admin")
    page_of(client)
    with statements() as warm:
        page_of(client)
    with statements() as session_only:
        client.get("/admin/nowhere")
    assert warm == session_only
    assert {table for statement in warm for table in re.findall(r"FROM (\w+)", statement)} <= {
        "staff_user",
        "staff_session",
    }


def test_a_cold_page_takes_few_statements_whatever_the_number_of_rows(app, small_world, sign_in, statements):
    client = sign_in("admin")
    with app.app_context():
        renew(["enrollment", "invoice", "payment", "student", "section"])
    with statements() as cold:
        page_of(client)
    assert len([statement for statement in cold if statement.startswith("SELECT")]) <= 40
