"""Two people in the lines of one row: both versions are seen, and nothing of either is lost unsaid."""

from __future__ import annotations

from tests.core.grid.line_forms import _sent, form_of, press, save, told, values_of


def test_two_people_on_one_line_see_both_versions_and_whoever_keeps_theirs_saves_it(app, finance, draft) -> None:
    row_id, (first, second) = draft
    address = f"/admin/invoices/edit/?id={row_id}"
    mine = form_of(finance, address) | {f"lines-{second}-description": "Mine", f"lines-{first}-quantity": "2"}
    assert (
        save(finance, address, form_of(finance, address) | {f"lines-{second}-description": "Theirs"}).status_code == 302
    )

    answer = save(finance, address, mine)
    page = answer.get_data(as_text=True)
    again = _sent(answer) | {"disputed": values_of(page, "disputed"), "mine": [f"lines-{second}-description"]}
    saved = save(finance, address, again)

    assert answer.status_code == 409
    assert "Theirs" in page
    assert '<th scope="row">Line 2, Description</th>' in page
    assert saved.status_code == 302
    assert told(app) == [(1, "Tuition", 200), (2, "Mine", 200)]


def test_what_was_given_up_in_one_line_stays_given_up_while_the_next_conflict_is_settled(app, finance, draft) -> None:
    row_id, (first, second) = draft
    address = f"/admin/invoices/edit/?id={row_id}"
    names = [f"lines-{line}-description" for line in (first, second)]
    mine = form_of(finance, address) | dict.fromkeys(names, "Mine")
    assert save(finance, address, form_of(finance, address) | dict.fromkeys(names, "Theirs")).status_code == 302

    one = save(finance, address, mine)
    other = save(finance, address, _sent(one) | {"disputed": names[:1], "mine": []})
    saved = save(finance, address, _sent(other) | {"disputed": names[1:], "mine": names[1:]})

    assert [answer.status_code for answer in (one, other, saved)] == [409, 409, 302]
    assert told(app) == [(1, "Theirs", 100), (2, "Mine", 200)]


def test_a_line_that_somebody_removed_meanwhile_is_told_and_can_be_taken_out(app, finance, draft) -> None:
    row_id, (first, second) = draft
    address = f"/admin/invoices/edit/?id={row_id}"
    mine = form_of(finance, address) | {f"lines-{second}-description": "Mine"}
    assert (
        save(finance, address, press(finance, address, form_of(finance, address), f"lines:remove:{second}")).status_code
        == 302
    )

    answer = save(finance, address, mine)
    rest = press(finance, address, _sent(answer), f"lines:remove:{second}")
    saved = save(finance, address, rest | {f"lines-{first}-quantity": "2"})

    assert answer.status_code == 422
    assert "Line 2: This is no longer there: remove it here too." in answer.get_data(as_text=True)
    assert saved.status_code == 302
    assert told(app) == [(1, "Tuition", 200)]


def test_a_line_that_somebody_changed_meanwhile_is_removed_only_when_that_is_said_again(app, finance, draft) -> None:
    row_id, (_, second) = draft
    address = f"/admin/invoices/edit/?id={row_id}"
    mine = press(finance, address, form_of(finance, address), f"lines:remove:{second}")
    assert save(finance, address, form_of(finance, address) | {f"lines-{second}-quantity": "5"}).status_code == 302

    answer = save(finance, address, mine)
    before = told(app)
    again = save(finance, address, _sent(answer))

    assert answer.status_code == 422
    assert "Somebody changed it meanwhile: save again to remove it as it is now." in answer.get_data(as_text=True)
    assert before == [(1, "Tuition", 100), (2, "Tuition", 1000)]
    assert again.status_code == 302
    assert told(app) == [(1, "Tuition", 100)]
