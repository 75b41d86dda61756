"""Ticks that last: kept from page to page, named, pasted, acted upon, with and without JavaScript."""

from __future__ import annotations

import html
import re

import pytest

from backoffice.core.access import SYSTEM
from backoffice.core.operations.recording import recording
from backoffice.students.models import Student
from tests import factories
from tests.contracts.grids import hidden_inputs, post

YORK = {"action": "review", "set-city": "York"}


def text(answer) -> str:
    return answer.get_data(as_text=True)


def ticked(page: str) -> list[int]:
    """Returns the rows of a page that are ticked."""
    return [int(number) for number in re.findall(r'name="rowid" value="(\d+)"[^>]*data-pick checked', page)]


def bar(page: str) -> tuple[str, str]:
    """Returns what the bar says: how many are selected, and from how many searches."""
    count = re.search(r"data-count>([^<]*)<", page)
    sources = re.search(r"data-sources[^>]*>([^<]*)<", page)
    return (count[1] if count else "", sources[1] if sources else "")


def ids_of(client, search: str) -> list[str]:
    """Returns the keys of the rows that a search exports."""
    lines = text(client.get("/admin/students/export/csv/", query_string={"search": search})).splitlines()
    return sorted(line.split(",")[0] for line in lines[1:])


def test_ticks_survive_paging_searching_and_filtering(made, registrar, send) -> None:
    leeds, york, hull = (made(city=city) for city in ("Leeds", "York", "Hull"))

    first = send("basket/?search=city:Leeds", add=str(leeds)).get_json()
    second = send("basket/?flt0_city_equals=York", add=str(york)).get_json()
    everyone = text(registrar.get("/admin/students/?sort=student_number"))

    assert (first, second) == ({"number": 1, "sources": ""}, {"number": 2, "sources": "from 2 searches"})
    assert ticked(everyone) == [leeds, york]
    assert bar(everyone) == ("2 selected", "from 2 searches")
    assert bar(text(registrar.get("/admin/students/?search=city:Hull"))) == ("2 selected", "from 2 searches")
    assert bar(text(registrar.get("/admin/students/?search=city:Nowhere"))) == ("2 selected", "from 2 searches")
    assert send("basket/", remove=f"{york},{hull}").get_json() == {"number": 1, "sources": ""}
    assert send("basket/", clear="1").get_json() == {"number": 0, "sources": ""}


def test_an_action_is_about_the_whole_basket_as_the_page_s_ticks_leave_it(app, made, registrar, send) -> None:
    elsewhere, kept, untied, new, never = (made(city="Leeds") for _ in range(5))
    send("basket/", add=f"{elsewhere},{kept},{untied}")

    page = text(send("action/", basket="1", shown=f"{kept},{untied},{new},{never}", rowid=[kept, new], all="", **YORK))
    send("action/", **hidden_inputs(page), action="apply")

    assert "3 will change" in page
    with app.app_context():
        cities = dict(factories.db.session.query(Student.id, Student.city))
    assert cities == {elsewhere: "York", kept: "York", new: "York", untied: "Leeds", never: "Leeds"}


def test_what_was_applied_leaves_the_basket_and_the_rest_stays(made, registrar, send) -> None:
    ids = [made(city="Leeds") for _ in range(3)]
    send("basket/", add=f"{ids[0]},{ids[2]}")

    page = text(send("action/", rowid=ids[:2], **YORK))
    send("action/", **hidden_inputs(page), action="apply")

    assert ticked(text(registrar.get("/admin/students/?sort=student_number"))) == [ids[2]]


def test_the_rows_reviewed_are_applied_whatever_is_ticked_meanwhile(made, registrar, send) -> None:
    ids = [made(city="Leeds") for _ in range(3)]
    send("basket/", add=f"{ids[0]},{ids[1]}")

    page = text(send("action/", basket="1", **YORK))
    send("basket/", add=str(ids[2]))
    answer = send("action/", **hidden_inputs(page), action="apply")

    assert answer.status_code == 302
    assert ids_of(registrar, "city:York") == ids_of(registrar, f"id:{ids[0]},{ids[1]}")


def test_without_javascript_ticks_are_kept_by_a_button_that_leads_back(made, registrar, send) -> None:
    ids = [made(city="Leeds") for _ in range(3)]
    back = "/admin/students/?search=city:Leeds&page_size=50&all=1&without=7"

    answer = send(f"action/?search=city:Leeds&url={html.escape(back)}", action="keep", basket="1", rowid=ids[:2])

    assert answer.headers["Location"].startswith("/admin/students/?search=city%3ALeeds")
    assert "all=1" not in answer.headers["Location"]
    assert ticked(text(registrar.get("/admin/students/?sort=student_number"))) == ids[:2]
    send("action/", action="clear")
    assert bar(text(registrar.get("/admin/students/"))) == ("0 selected", "")


def test_all_that_match_less_some_are_kept(made, registrar, send) -> None:
    ids = [made(city="Leeds") for _ in range(25)]
    made(city="Hull")

    send("action/?search=city:Leeds", action="keep", basket="1", all="1", without=f"{ids[0]},{ids[24]}")

    assert bar(text(registrar.get("/admin/students/"))) == ("23 selected", "")


def test_the_same_rows_in_grid_count_file_review_and_basket(made, registrar, send) -> None:
    ids = [made(city="Leeds") for _ in range(5)]
    send("basket/", add=",".join(map(str, ids[:3])))
    send("lists/", do="name", name="call them")

    for search in ("in:basket", 'in:"call them"', 'in:basket in:"call them"'):
        assert ids_of(registrar, search) == ids_of(registrar, f"id:{ids[0]},{ids[1]},{ids[2]}")
        page = text(registrar.get("/admin/students/", query_string={"search": search}))
        assert "of 3" in page
        assert "3 will change" in text(send(f"action/?search={search}", all="1", **YORK))


def test_a_basket_gets_a_name_is_shared_and_deleted(made, registrar, sign_in, send) -> None:
    send("basket/", add=str(made(city="Leeds")))
    colleague = sign_in("read_only")

    refused = send("lists/", do="name", name="basket")
    send("lists/", do="name", name="<b>call</b>", shared="1")
    page = text(registrar.get("/admin/students/lists/"))
    list_id = re.search(r'name="id" value="(\d+)"', page)[1]

    assert refused.status_code == 422
    assert "means something else" in text(refused)
    assert "&lt;b&gt;call&lt;/b&gt;" in page
    assert "<b>call</b>" not in page
    assert "Shared by" in text(colleague.get("/admin/students/complete/?search=in:"))
    assert "of 1" in text(colleague.get("/admin/students/?search=in:<b>call</b>"))
    post(colleague, "/admin/students/lists/", {"do": "delete", "id": list_id})
    send("lists/", do="unshare", id=list_id)
    assert colleague.get("/admin/students/?search=in:<b>call</b>").status_code == 400
    send("lists/", do="delete", id=list_id)
    assert registrar.get("/admin/students/?search=in:<b>call</b>").status_code == 400


def test_naming_leads_from_the_ticks_to_the_page_of_lists(made, registrar, send) -> None:
    answer = send("action/", action="name", basket="1", rowid=[made(), made()])

    assert answer.headers["Location"] == "/admin/students/lists/"
    assert "2 students" in text(registrar.get("/admin/students/lists/"))


@pytest.mark.parametrize(
    ("address", "fields", "status"),
    [
        ("basket/", {"add": "x"}, 400),
        ("basket/", {"add": "0"}, 400),
        ("basket/", {"add": "9" * 19}, 400),
        ("basket/", {"add": "9" * 30}, 400),
        ("basket/?search=nothing:here", {"add": "1"}, 400),
        ("action/", {"action": "edit", "basket": "1", "rowid": "9" * 19}, 400),
        ("lists/", {"do": "x"}, 400),
        ("lists/", {"do": "share", "id": "x"}, 404),
        ("lists/", {"do": "name", "name": "\0"}, 422),
        ("paste/", {"text": " "}, 422),
        ("paste/", {"text": "x " * 10_001}, 422),
        ("paste/", {"text": "\0", "do": "keep"}, 200),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(registrar, send, address, fields, status) -> None:
    assert send(address, **fields).status_code == status
    assert bar(text(registrar.get("/admin/students/?search=in:basket")))[0] in ("", "0 selected")


def test_pasted_texts_are_told_one_by_one_and_kept(app, made, registrar, send) -> None:
    anna, ben = made(email="anna@example.org"), made(student_number="B-7")
    pasted = "anna@example.org, B-7, ANNA@example.org, <i>nobody</i>@example.org"

    page = text(send("paste/", text=pasted, do="look"))
    answer = send("paste/", text=pasted, do="keep")

    for words in ("2 found", "1 doubled", "1 not found", "0 not permitted", "Add 2 to basket"):
        assert words in page
    assert "<i>nobody" not in page
    assert answer.headers["Location"] == "/admin/students/?search=in:basket"
    assert sorted(ticked(text(registrar.get(answer.headers["Location"])))) == [anna, ben]


def test_a_pasted_row_outside_the_scope_is_not_permitted(made, sign_in) -> None:
    hidden = made(student_number="HIDDEN-7", full_name="Not To Be Seen")

    page = text(post(sign_in("course_editor"), "/admin/students/paste/", {"text": f"hidden-7 {hidden}", "do": "keep"}))

    assert "2 not permitted" in page
    assert "Not To Be Seen" not in page
    assert "HIDDEN-7" not in page


def test_two_thousand_pasted_emails_become_a_named_list(app, registrar, send) -> None:
    known = [f"p{number}@example.org" for number in range(1_958)]
    with app.app_context(), recording(SYSTEM, "system", "create", title="Seed", model=Student) as operation:
        operation.insert(
            Student,
            [
                {"student_number": f"P{number}", "full_name": f"Person {number}", "status": "active", "email": email}
                for number, email in enumerate(known)
            ],
        )
    unknown = [f"who{number}@example.org" for number in range(30)]
    pasted = "\n".join([*known, *unknown, *(email.upper() for email in known[:12])])

    page = text(send("paste/", text=pasted, do="look"))
    answer = send("paste/", text=pasted, do="name", name="spring mailing")

    for words in ("1,958 found", "12 doubled", "30 not found", "0 not permitted"):
        assert words in page
    assert "of 1,958" in text(registrar.get(answer.headers["Location"]))


def test_an_own_list_is_renamed_and_filled_and_emptied_from_the_basket(made, registrar, send) -> None:
    ids = [made(student_number=f"N{number}") for number in range(3)]
    send("basket/", add=str(ids[0]))
    send("lists/", do="name", name="call")
    send("lists/", do="name", name="other")
    call = re.search(r'name="id" value="(\d+)"', text(registrar.get("/admin/students/lists/")))[1]
    send("basket/", clear="1", add=f"{ids[1]},{ids[2]}")

    refused = send("lists/", do="rename", id=call, name="Other")
    send("lists/", do="rename", id=call, name="to call")
    send("lists/", do="add", id=call)
    filled = ids_of(registrar, 'in:"to call"')
    send("basket/", remove=str(ids[2]))
    told = text(registrar.get(send("lists/", do="take", id=call).headers["Location"]))

    assert refused.status_code == 422
    assert re.search(r"<details[^>]* open>.*You have a list of this name already", text(refused), re.DOTALL)
    assert 'value="Other"' in text(refused)
    assert filled == ["N0", "N1", "N2"]
    assert ids_of(registrar, 'in:"to call"') == ["N0", "N2"]
    assert "1 student taken off the list" in told


KEEPS = ["Clear selection", "Add ticked to basket", "Show basket", "Name this list…"]


@pytest.mark.parametrize(
    ("role", "does"),
    [
        ("admin", ["Edit", "Delete", "Export", "Print"]),
        ("registrar", ["Edit", "Delete", "Export", "Print"]),
        ("finance", []),
        ("course_editor", []),
        ("support", []),
        ("read_only", []),
    ],
)
def test_ticks_are_never_a_dead_end_whoever_ticks_can_keep_them_as_a_list(app, sign_in, role, does) -> None:
    with app.app_context():
        term_id = str(factories.term().id)
        factories.term()
    client = sign_in(role)
    page = text(client.get("/admin/terms/"))

    bar = re.search(r'<form class="selection-bar".*?</form>', page, re.DOTALL)[0]
    post(client, "/admin/terms/basket/", {"add": term_id})
    post(client, "/admin/terms/lists/", {"do": "name", "name": "to plan"})
    kept = text(client.get("/admin/terms/", query_string={"search": 'in:"to plan"'}))

    assert re.findall(r"<(?:button|a)[^>]*>(?:<svg.*?</svg>)?([^<]+)</", bar, re.DOTALL) == [*KEEPS, *does]
    assert re.findall(r'name="rowid" value="(\d+)"', kept) == [term_id]
