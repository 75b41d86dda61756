// Finding anything over any page, while one types. Without it the same link leads to a page that finds the same.
//   a[data-find][href] answers [{ name, problem, hits: [{ label, note, url, icon }] }] to ?q= where JSON is asked for
// A new letter ends the question under way. Arrows choose, Enter goes there, Escape gives the focus back.

const PAUSE = 120; // milliseconds after the last letter
const address = document.querySelector("[data-find]").href;
const [title, hint, heading, count, away, nothing] = JSON.parse(document.querySelector("[data-texts]").dataset.texts);
const sprite = document.querySelector("[data-find] use").getAttribute("href").split("#")[0];
const [dialog, box, list, status] = ["dialog", "input", "div", "p"].map((name) => document.createElement(name));
let timer;
let asking = null;
let active = -1;

dialog.className = "dialog palette";
dialog.setAttribute("aria-label", title);
Object.assign(box, { type: "search", className: "form-control palette-box", placeholder: hint, maxLength: 500, autocomplete: "off", spellcheck: false });
for (const [name, value] of [["role", "combobox"], ["aria-label", title], ["aria-controls", "palette-found"], ["aria-expanded", "true"], ["aria-autocomplete", "list"]]) box.setAttribute(name, value);
Object.assign(list, { id: "palette-found", className: "palette-found", tabIndex: -1 });
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", heading);
status.className = "visually-hidden";
status.setAttribute("role", "status");
dialog.append(box, list, status);
document.body.append(dialog);

box.addEventListener("input", (event) => event.isComposing || later());
box.addEventListener("compositionend", later);
box.addEventListener("keydown", onKey);
dialog.addEventListener("close", stop);
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

export function open(typed = "") {
  if (dialog.open) return box.select();
  dialog.showModal();
  if (typed) box.value = typed;
  else box.select();
  return ask();
}

const options = () => [...list.querySelectorAll("[role=option]")];

function stop() {
  clearTimeout(timer);
  asking?.abort();
}

function later() {
  stop();
  timer = setTimeout(ask, PAUSE);
}

function onKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options().length) {
    event.preventDefault();
    activate((active + step + options().length) % options().length);
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    const chosen = options()[active];
    if (chosen) chosen.click();
    else location.assign(`${address}?${new URLSearchParams({ q: box.value })}`);
  }
}

function activate(place) {
  active = place;
  options().forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
  const chosen = options()[place];
  chosen?.scrollIntoView({ block: "nearest" });
  if (chosen) box.setAttribute("aria-activedescendant", chosen.id);
  else box.removeAttribute("aria-activedescendant");
}

async function ask() {
  stop();
  const { signal } = (asking = new AbortController());
  try {
    const answer = await fetch(`${address}?${new URLSearchParams({ q: box.value })}`, { headers: { Accept: "application/json" }, signal });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    draw(await answer.json());
  } catch {
    if (!signal.aborted) draw([{ name: away, problem: "", hits: [] }]);
  }
}

function draw(groups) {
  let number = 0;
  list.replaceChildren(...groups.map(({ name, problem, hits }) => {
    const group = made("div", "palette-group");
    const above = made("p", "found-kind", name);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", name);
    above.setAttribute("aria-hidden", "true");
    group.append(above, ...hits.map((hit) => option(hit, number++)));
    if (problem) group.append(made("p", "panel-empty muted", problem));
    return group;
  }));
  if (!groups.length) list.append(made("p", "panel-empty muted", nothing));
  status.textContent = count.replace("{}", number);
  activate(number ? 0 : -1);
}

function option({ label, note, url, icon }, number) {
  const link = made("a", "palette-hit");
  const symbol = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${icon}`);
  symbol.setAttribute("class", "icon");
  symbol.setAttribute("aria-hidden", "true");
  symbol.append(use);
  Object.assign(link, { href: url, id: `palette-${number}`, tabIndex: -1 });
  link.setAttribute("role", "option");
  link.append(symbol, made("span", "", label));
  if (note) link.append(made("small", "", note));
  return link;
}

function made(name, style, text = "") {
  return Object.assign(document.createElement(name), { className: style, textContent: text });
}
