// Suggestions under a text box, while one types. Without them the same text does the same.
//   form[data-complete] input[data-search]   asks <complete>?text=&caret=        and puts in the whole new text
//   form[data-lookup] input[data-picker]     asks <lookup>?name=&query=          and puts in the row's key
// Both answer a JSON list of {"text": what goes into the box, "label": what is shown beside it}.

const PAUSE = 150;

for (const box of document.querySelectorAll("[data-search]")) {
  const address = box.form.dataset.complete;
  enable(box, () => `${address}?${new URLSearchParams({ text: box.value, caret: box.selectionStart })}`, true);
}
for (const box of document.querySelectorAll("[data-picker]")) {
  const address = box.form.dataset.lookup;
  enable(box, () => `${address}?${new URLSearchParams({ name: box.dataset.picker, query: box.value })}`, false);
}

function enable(box, address, goesOn) {
  const list = document.createElement("ul");
  const status = document.createElement("span");
  const anchor = document.createElement("div");
  let active = -1;
  let timer;
  let asked = 0;

  list.className = "suggestions";
  list.id = `${box.id}-suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  anchor.className = "suggest";
  box.before(anchor);
  anchor.append(box, list, status);
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);

  const options = () => [...list.children];

  function close() {
    asked += 1;
    clearTimeout(timer);
    list.hidden = true;
    active = -1;
    box.removeAttribute("aria-activedescendant");
  }

  function activate(index) {
    const all = options();
    active = (index + all.length) % all.length;
    all.forEach((option, position) => option.setAttribute("aria-selected", String(position === active)));
    all[active].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", all[active].id);
  }

  function take(option) {
    box.value = option.dataset.text;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    close();
    box.focus();
    if (goesOn && !box.value.endsWith(" ")) ask();
  }

  function draw(found) {
    list.replaceChildren(...found.map(({ text, label }, index) => {
      const option = document.createElement("li");
      const name = document.createElement("span");
      const note = document.createElement("span");
      option.id = `${list.id}-${index}`;
      option.dataset.text = text;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      name.textContent = text;
      note.textContent = label === text ? "" : label;
      note.className = "suggestion-label";
      option.append(name, note);
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        take(option);
      });
      return option;
    }));
    active = -1;
    list.hidden = found.length === 0;
    status.textContent = found.length === 1 ? "1 suggestion" : `${found.length} suggestions`;
  }

  async function ask() {
    const mine = (asked += 1);
    const found = await fetch(address(), { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : []))
      .catch(() => []); // the page was left meanwhile, or the network
    if (mine === asked && document.activeElement === box) draw(found);
  }

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      activate(event.key === "ArrowDown" ? active + 1 : Math.max(active, 0) - 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(options()[active]);
    }
  });
}
