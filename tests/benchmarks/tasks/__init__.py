"""Twelve tasks of the people in the office, by the keyboard alone and by the mouse alone, beside the same in Django's admin.

`python -m tests.benchmarks.tasks [--only TASK] [--hand keyboard|mouse]`

A script does each task in a real browser and counts its steps. A step is one deliberate act, counted alike for both products:
a click; a press of one key or of keys together; one text typed or pasted, however long; a choice in a select (the mouse opens it
and chooses: 2; the keyboard types the choice there: 1). The keyboard goes to a control by the product's own keys, or else the
shortest way: each Tab counts, over a skip link where that is shorter, or by the browser's search in the page, which takes 3
(Ctrl+F, the words, Escape), and one more for each place with these words on the way there from either end. The mouse types texts by the keyboard and
nothing else; a text typed over another one needs that one marked: 3 clicks. Reading and scrolling are no steps.

Both start signed in: ours on the dashboard, Django's on its index page. Every task says what must have become of the rows, the
file or the page; one that did not come about stops the run, so that no figure of it is printed. Nothing is asserted about time.
"""
