// The form of a row. Without it the same is said once it is sent.
//   form[data-check]: POST <check> field=<name>... with the form, once a field is left -> {name: what is wrong, or ""}

const form = document.querySelector("form[data-check]");
const left = new Set(); // names of the fields whose answer is still to come
let asking;

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
    if (name === target.name) form.querySelector("[data-told]").textContent = message;
  }
});

// Nothing where another field was left or the network is away.
function ask(body, signal) {
  return fetch(form.dataset.check, { method: "POST", body, signal }).then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({}));
}

function tell(control, message) {
  const field = control.closest(".field");
  const hint = field.querySelector(".field-hint");
  const box = form.querySelector("[data-error]").content.firstElementChild.cloneNode(true);
  box.id = `${control.id}-error`;
  box.lastElementChild.textContent = message;
  field.querySelector(".field-error")?.remove();
  if (message) field.insertBefore(box, hint);
  control.classList.remove("is-invalid");
  control.ariaInvalid = message ? "true" : null;
  control.removeAttribute("aria-describedby");
  if (hint || message) control.setAttribute("aria-describedby", [hint?.id, message && box.id].filter(Boolean).join(" "));
}
