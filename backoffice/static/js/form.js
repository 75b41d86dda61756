// The form of a row. Without it the same is said once the form is sent.
//   form[data-check]: each field is checked when it is left: POST <check> field=<name>... with the form -> {name: what is wrong, or ""}
//   [data-keys="Ctrl Enter"], [data-keys="Ctrl Shift Enter"]: the buttons that these keys press, from inside a field too

const form = document.querySelector("form[data-check]");
const status = document.createElement("p");
const left = new Set(); // names of the fields whose answer is still to come
let asking;
status.className = "visually-hidden";
status.setAttribute("role", "status");
form.append(status);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented || event.target.closest("dialog")) return;
  event.preventDefault();
  form.querySelector(`[data-keys="Ctrl ${event.shiftKey ? "Shift " : ""}Enter"]`)?.click();
});

form.addEventListener("submit", () => asking?.abort());
form.addEventListener("change", async ({ target }) => {
  for (const one of [target, ...form.querySelectorAll('[aria-invalid="true"]')]) left.add(one.name);
  const data = new FormData(form);
  for (const name of left) data.append("field", name);
  asking?.abort();
  asking = new AbortController();
  for (const [name, message] of Object.entries(await ask(data, asking.signal))) {
    left.delete(name);
    const control = form.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`);
    if (control && data.getAll(name).at(-1) === new FormData(form).getAll(name).at(-1)) tell(control, message);
    if (name === target.name) status.textContent = message;
  }
});

async function ask(body, signal) {
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body, headers: { Accept: "application/json" }, signal });
    return answer.ok ? await answer.json() : {};
  } catch {
    return {}; // another field was left meanwhile, or the network is away: saving says it
  }
}

function tell(control, message) {
  const field = control.closest(".field");
  const hint = document.getElementById(`${control.id}-hint`);
  const box = document.createElement("div");
  box.id = `${control.id}-error`;
  box.className = "field-error";
  box.append(icon(), message);
  document.getElementById(box.id)?.remove();
  if (message && hint) hint.before(box);
  else if (message) field.append(box);
  for (const one of [field, control]) one.classList.toggle("is-invalid", Boolean(message));
  set(control, "aria-invalid", message && "true");
  set(control, "aria-describedby", [hint?.id, message && box.id].filter(Boolean).join(" "));
}

function set(control, name, value) {
  if (value) control.setAttribute(name, value);
  else control.removeAttribute(name);
}

function icon() {
  const drawn = form.querySelector(".form-actions .icon").cloneNode(true);
  const use = drawn.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#danger"));
  return drawn;
}
