"""The filter page: it shows any query as conditions, and leads to the list with the query that its boxes say."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

FORM = "/admin/students/filter/"


def text(answer) -> str:
    return answer.get_data(as_text=True)


def boxes(page: str) -> MultiDict[str, str]:
    """Returns what a browser would send of the form."""
    form = page[page.index('<form class="conditions"') :].partition("</form>")[0]
    found: MultiDict[str, str] = MultiDict()
    for match in re.finditer(r"<input ([^>]*)>|<select ([^>]*)>(.*?)</select>", form, re.DOTALL):
        tag = match[1] or match[2]
        name = re.search(r'\bname="([^"]*)"', tag)[1]
        if match[1] and 'type="checkbox"' in tag and not tag.endswith("checked"):
            continue
        if match[1]:
            found.add(name, unescape(re.search(r'\bvalue="([^"]*)"', tag)[1]))
            continue
        options = re.findall(r'<option value="([^"]*)"( selected)?>', match[3])
        chosen = [value for value, selected in options if selected] or [options[0][0]]
        found.add(name, unescape(chosen[0]))
    return found


def leads_to(answer) -> dict[str, str]:
    """Returns the parameters of the list that a form led to."""
    assert answer.status_code == 302, text(answer)
    return {name: value[0] for name, value in parse_qs(urlsplit(answer.location).query, keep_blank_values=True).items()}


QUERIES = (
    'anna -"new york"',
    "status:active,on_leave",
    "-status:graduated city:none",
    "status:active OR -(city:leeds age>=30)",
    "(anna OR muller) email:any created_at:-7d..today",
    "financial_hold:yes age:..17 enrollments.section.course.code~AA",
    "in:basket",
    'city:"" -city~""',
    "-(status:active OR (city:leeds -(age<3 OR id:1..9)))",
)


@pytest.mark.parametrize("query", QUERIES)
def test_what_is_opened_and_shown_again_is_the_same_query(registrar, query):
    page = registrar.get(FORM, query_string={"search": query, "sort": "city"})

    shown = registrar.get(FORM, query_string=MultiDict([*boxes(text(page)).items(multi=True), ("do", "show")]))

    assert page.status_code == 200
    assert leads_to(shown) == {"search": query, "sort": "city"}


def test_filters_of_the_address_become_conditions_of_the_query(registrar):
    page = text(registrar.get(FORM, query_string={"search": "anna", "flt0_status_equals": "active", "columns": "city"}))

    shown = registrar.get(FORM, query_string=MultiDict([*boxes(page).items(multi=True), ("do", "show")]))

    assert leads_to(shown) == {"search": "anna status:active", "columns": "city"}


def test_conditions_and_groups_are_added_and_removed_by_buttons(registrar):
    form = boxes(text(registrar.get(FORM, query_string={"search": "anna"})))
    form = boxes(text(registrar.get(FORM, query_string=MultiDict([*form.items(multi=True), ("do", "group:")]))))
    form["about-1.0"], form["how-1.0"], form["value-1.0"] = "city", "equals", "Leeds"
    form = boxes(text(registrar.get(FORM, query_string=MultiDict([*form.items(multi=True), ("do", "add:1")]))))
    form["about-1.1"], form["how-1.1"], form["value-1.1"], form["not-1.1"] = "age", "at_least", "30", "1"
    whole = registrar.get(FORM, query_string=MultiDict([*form.items(multi=True), ("do", "show")]))
    less = boxes(text(registrar.get(FORM, query_string=MultiDict([*form.items(multi=True), ("do", "remove:0")]))))
    rest = registrar.get(FORM, query_string=MultiDict([*less.items(multi=True), ("do", "show")]))
    none = boxes(text(registrar.get(FORM, query_string=MultiDict([*less.items(multi=True), ("do", "remove:0")]))))

    assert leads_to(whole) == {"search": "anna (city:Leeds OR -age>=30)"}
    assert leads_to(rest) == {"search": "city:Leeds OR -age>=30"}
    assert none.getlist("at") == []


def test_cancelling_leads_back_to_the_rows_that_were_shown_before(registrar):
    opened = text(registrar.get(FORM, query_string={"search": "anna", "flt0_city_equals": "Leeds", "sort": "city"}))
    changed = registrar.get(FORM, query_string=MultiDict([*boxes(opened).items(multi=True), ("do", "remove:0")]))

    cancel = [unescape(re.search(r'href="([^"]+)">Cancel', page)[1]) for page in (opened, text(changed))]

    assert [dict(parse_qs(urlsplit(url).query)) for url in cancel] == [
        {"search": ["anna city:Leeds"], "sort": ["city"]}
    ] * 2


def test_the_condition_that_cannot_be_read_is_named_beside_its_boxes(registrar):
    form = boxes(text(registrar.get(FORM, query_string={"search": "anna age>=30"})))
    form["value-1"] = "old"

    answer = registrar.get(FORM, query_string=MultiDict([*form.items(multi=True), ("do", "show")]))

    assert answer.status_code == 400
    assert '<a href="#value-1">Condition 2: “age&gt;=old”' in text(answer)
    assert re.search(r'id="value-1"[^>]*value="old"[^>]*aria-invalid="true" aria-describedby="error-1"', text(answer))


def test_a_query_with_a_part_that_means_nothing_is_shown_in_boxes_with_what_is_wrong(registrar):
    answer = registrar.get(FORM, query_string={"search": "anna colour:red", "sort": "city"})

    assert answer.status_code == 400
    assert boxes(text(answer)).getlist("about-1") == ["colour"]
    assert '<a href="#value-1">Condition 2: “colour:red”: unknown field “colour”' in text(answer)


def test_a_search_that_cannot_be_read_is_shown_as_it_was_written(registrar):
    answer = registrar.get(FORM, query_string={"search": "anna (city:leeds", "sort": "city"})

    assert answer.status_code == 400
    assert 'value="anna (city:leeds"' in text(answer)
    assert "a bracket is opened but not closed" in text(answer)


def test_a_chip_edits_its_condition_or_removes_it(registrar, made):
    made(status="active", city="Leeds")
    page = text(
        registrar.get("/admin/students/", query_string={"search": "status:active", "flt0_city_equals": "Leeds"})
    )

    edit = unescape(re.search(r'href="([^"]+)" aria-label="Edit filter city Leeds"', page)[1])
    opened = text(registrar.get(edit))

    assert re.search(r'id="about-1"[^>]* autofocus>', opened)
    assert 'value="Leeds"' in opened


@pytest.mark.parametrize(
    "query",
    [
        {"at": "0.0.0.0.0.0.0.0.0.0", "do": "show"},
        {"at": ["0", "0.1", "x"], "do": "add:0.7"},
        {"at": "0", "about-0": "nope", "how-0": "nope", "value-0": "x", "do": "remove:"},
        {"do": "explode:1"},
        {"edit": "9999999"},
        {"at": "0", "about-0": "", "do": "refresh"},
        {"at": "0", "about-0": "status..", "value-0": "\0", "do": "refresh"},
    ],
)
def test_boxes_that_no_form_sends_are_no_fault_of_the_server(registrar, query):
    assert registrar.get(FORM, query_string=query).status_code in (200, 302, 400)
