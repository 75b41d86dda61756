// The overview keeps itself fresh while one looks at it. Without this, Refresh and "Look again" do.
//   [data-figures] holds the figures, each with an id; [data-counting] says how many are being counted
//   [data-age] says how old the page is; [data-told] is the live region that says what changed, in the words of [data-figures]

const EVERY = 60_000; // milliseconds between two looks
const FIRST = 400; // until the first look while figures are being counted; each further one takes its time
const LONGEST = 8_000;
const AGES = 15_000; // how often the age is said anew

const figures = document.querySelector("[data-figures]");
const says = figures?.dataset;
const age = document.querySelector("[data-age]");
const told = document.querySelector("[data-told]");
const counting = () => document.querySelector("[data-counting]");
const chosen = document.documentElement.dataset;
const clock = new Intl.DateTimeFormat(chosen.locale ?? "en-GB", { hour: "2-digit", minute: "2-digit", timeZone: chosen.zone });

let seen = Date.now(); // when the page was last had
let asked = seen; // when it was last asked for
let pause = counting() ? FIRST : EVERY;
let timer = 0;
let trouble = "";

function plan() {
  clearTimeout(timer);
  if (trouble !== says.out && !document.hidden) timer = setTimeout(look, Math.max(0, asked + pause - Date.now()));
}

async function look() {
  const page = await read();
  asked = Date.now();
  if (page) {
    const changed = show(page);
    seen = asked;
    if (changed.length) told.textContent = says.updated.replace("{}", () => changed.join(", "));
  }
  pause = !counting() ? EVERY : Math.min(pause === EVERY ? FIRST : pause * 1.5, LONGEST);
  say();
  plan();
}

// Returns the page as it is now; null where it cannot be had. Looking does not keep a session alive.
async function read() {
  try {
    const answer = await fetch(location.href, { headers: { "X-Look": "again" } });
    trouble = answer.redirected || answer.status === 401 ? says.out : answer.ok ? "" : says.away;
    return trouble ? null : new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    trouble = says.away;
    return null;
  }
}

// Puts in place what is new, figure by figure, and returns the titles of those whose content changed.
function show(page) {
  const fresh = page.querySelector("[data-figures]");
  const token = page.querySelector("[name=csrf_token]")?.value;
  for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token ?? field.value;
  const still = page.querySelector("[data-counting]");
  if (still) counting()?.replaceChildren(...still.childNodes);
  else counting()?.remove();
  if (names(figures).join() !== names(fresh).join()) {
    figures.replaceChildren(...fresh.childNodes);
    return [];
  }
  const before = new Map([...articles(figures)].map((figure) => [figure.id, figure]));
  const changed = [...articles(fresh)].filter((figure) => replace(before.get(figure.id), figure));
  return changed.map((figure) => figure.querySelector("h3").textContent.trim());
}

const articles = (root) => root.querySelectorAll("article[id^=figure-]");
const names = (root) => [...articles(root)].map((figure) => figure.id);
const content = (figure) => [...figure.querySelectorAll("h3, li, svg, table")].map((part) => part.textContent).join();

// Replaces a figure; the focus and what was opened stay. Returns whether it says something else than before.
function replace(before, figure) {
  if (before.outerHTML === figure.outerHTML) return false;
  const changed = content(before) !== content(figure);
  const held = before.contains(document.activeElement) ? place(before, document.activeElement) : -1;
  const opened = [...before.querySelectorAll("details")].map((details) => details.open);
  before.replaceWith(figure);
  figure.querySelectorAll("details").forEach((details, index) => (details.open = opened[index] ?? false));
  if (held >= 0) stops(figure)[Math.min(held, stops(figure).length - 1)]?.focus();
  return changed;
}

const stops = (figure) => [...figure.querySelectorAll("a, button, summary")];
const place = (figure, element) => stops(figure).indexOf(element);

function say() {
  const minutes = Math.floor((Date.now() - seen) / 60_000);
  const ago = new Intl.RelativeTimeFormat(document.documentElement.lang).format(-minutes, "minute");
  const fresh = minutes < 1 ? says.now : says.ago.replace("{}", ago);
  age.textContent = trouble ? says.last.replace("{trouble}", trouble).replace("{at}", clock.format(seen)) : fresh;
}

if (figures) {
  document.addEventListener("visibilitychange", plan);
  setInterval(() => document.hidden || say(), AGES);
  say();
  plan();
}
