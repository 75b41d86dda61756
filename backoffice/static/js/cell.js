// Editing one cell in place. Without it the row's form does the same, by the same rules.
//   table[data-grid][data-update] tr[data-id][data-version] [data-field][data-value]; template[data-editor=<field>]
// Double click, or Enter and F2 on the focused cell, opens the control; Enter saves, Escape gives up. One cell of the table
// can be reached by Tab, the arrow keys go from there. Rows that take the place of others are told by the event "rows".

const token = document.querySelector('input[name="csrf_token"]')?.value ?? "";

function editorOf(cell) {
  return document.querySelector(`template[data-editor="${CSS.escape(cell.dataset.field)}"]`);
}

let table = null;
let cells = [];
document.addEventListener("rows", enableCells);
enableCells();

function enableCells() {
  table = document.querySelector("table[data-grid][data-update]");
  cells = table ? [...table.querySelectorAll("[data-field]")].filter((cell) => editorOf(cell)) : [];
  if (!cells.length) return;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  table.after(status);
  rove(cells[0]);
  for (const cell of cells) {
    cell.classList.add("cell-editable");
    cell.addEventListener("dblclick", () => open(cell, status));
    cell.addEventListener("keydown", (event) => onKey(event, cell, status));
    cell.addEventListener("focus", () => rove(cell));
  }
}

// A block of cells from a spreadsheet is reviewed, as edits of what lies from the focused cell on: form#cells[data-fields].
document.addEventListener("paste", (event) => {
  const cell = cells.find((one) => one === document.activeElement);
  const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  if (!cell || !text) return;
  event.preventDefault();
  if (document.forms.cells && /[\t\n]/.test(text)) return sendBlock(document.forms.cells, cell, text);
  open(cell, table.nextElementSibling);
  const control = cell.querySelector("input:not([type=checkbox]), textarea");
  if (control) control.value = text;
});

function sendBlock(form, cell, text) {
  const rows = [...table.tBodies[0].rows].slice(cell.parentElement.sectionRowIndex);
  form.elements.text.value = text;
  form.elements.fields.value = form.dataset.fields.split(",").slice(cell.cellIndex - 1);
  form.elements.rows.value = rows.map(({ dataset }) => `${dataset.id}:${dataset.version}`);
  form.requestSubmit();
}

function rove(cell) {
  for (const other of cells) other.tabIndex = -1;
  cell.tabIndex = 0;
}

function onKey(event, cell, status) {
  if (event.target !== cell) return;
  const step = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key];
  if (event.key === "Enter" || event.key === "F2") {
    event.preventDefault();
    open(cell, status);
  } else if (step) {
    event.preventDefault();
    beside(cell, ...step)?.focus();
  }
}

function beside(cell, down, right) {
  if (right) {
    const inRow = cells.filter((other) => other.parentElement === cell.parentElement);
    return inRow[inRow.indexOf(cell) + right];
  }
  const inColumn = cells.filter((other) => other.dataset.field === cell.dataset.field);
  return inColumn[inColumn.indexOf(cell) + down];
}

function open(cell, status) {
  if (cell.classList.contains("cell-editing")) return;
  const before = [...cell.childNodes];
  const control = editorOf(cell).content.firstElementChild.cloneNode(true);
  const problem = document.createElement("p");
  let busy = false;
  let closed = false;
  problem.className = "field-error";
  problem.id = "cell-problem";
  problem.hidden = true;
  control.removeAttribute("id");
  if (control.type === "checkbox") control.checked = cell.dataset.value === "true";
  else control.value = cell.dataset.value;
  cell.classList.add("cell-editing");
  cell.replaceChildren(control, problem);
  control.focus();
  control.select?.();

  // A control that is taken away while it has the focus is told "blur" while it goes: that must not save what was given up.
  function close(nodes) {
    const held = cell.contains(document.activeElement);
    closed = true;
    cell.classList.remove("cell-editing");
    cell.replaceChildren(...nodes);
    if (held) cell.focus();
  }

  function tell(text) {
    problem.replaceChildren(text);
    problem.hidden = false;
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", problem.id);
    status.textContent = text;
    control.focus();
  }

  async function save() {
    const value = control.type === "checkbox" ? String(control.checked) : control.value;
    if (value === cell.dataset.value) return close(before);
    if (busy) return undefined;
    busy = true;
    const answer = await send(cell, value);
    busy = false;
    if (answer.conflict) cell.parentElement.dataset.version = answer.version; // the next Enter is meant over theirs
    if (!answer.saved) return tell(answer.conflict ? table.dataset.theirs.replace("{}", () => answer.message) : answer.message);
    cell.dataset.value = answer.value;
    cell.parentElement.dataset.version = answer.version;
    status.textContent = answer.message;
    if (answer.notice) document.getElementById("messages").replaceChildren(parsed(answer.notice).firstChild);
    return close(show(cell, before, answer.html));
  }

  control.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      if (!busy) close(before);
    } else if (event.key === "Enter" && (control.tagName !== "TEXTAREA" || event.ctrlKey)) {
      event.preventDefault();
      save();
    }
  });
  if (control.tagName === "SELECT") control.addEventListener("change", save);
  control.addEventListener("blur", () => {
    if (!busy && !closed && problem.hidden) save();
  });
}

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

// The server escapes the value; the link of a row's first cell stays.
function show(cell, before, html) {
  const shown = parsed(html);
  const link = before.find((node) => node.nodeName === "A");
  if (cell.tagName !== "TH" || !link) return [...shown.childNodes];
  link.textContent = shown.textContent || "–";
  return [link];
}

async function send(cell, value) {
  const row = cell.parentElement;
  const { id, version } = row.dataset;
  const url = location.pathname + location.search; // where "Undo" leads back to
  const body = new URLSearchParams({ id, version, field: cell.dataset.field, value, url });
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  try {
    const answer = await fetch(table.dataset.update, { method: "POST", body, headers, credentials: "same-origin" });
    const told = await answer.json();
    return { ...told, saved: answer.ok, conflict: answer.status === 409 && "version" in told };
  } catch {
    return { saved: false, message: table.dataset.away };
  }
}
