// What every page has: theme, messages, sheets and dialogs, shortcuts, and forms that are sent once and lose nothing.

const page = document.documentElement;

function enableTheme(button) {
  const use = button.querySelector("use");
  const sprite = use.getAttribute("href").split("#")[0];
  const order = ["system", "light", "dark"];
  const show = (theme) => {
    use.setAttribute("href", `${sprite}#${theme}`);
    button.title = button.dataset[theme];
    button.setAttribute("aria-label", button.title);
  };
  show(page.dataset.theme ?? "system");
  button.hidden = false;
  button.addEventListener("click", () => {
    const theme = order[(order.indexOf(page.dataset.theme ?? "system") + 1) % order.length];
    if (theme === "system") {
      delete page.dataset.theme;
      localStorage.removeItem("theme");
    } else {
      page.dataset.theme = theme;
      localStorage.setItem("theme", theme);
    }
    show(theme);
  });
}

// Those that come later, too.
function enableMessages() {
  document.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-dismiss]")) return;
    target.closest("[data-message]").remove();
    document.getElementById("main").focus({ preventScroll: true });
  });
}

// An open sheet closes by Escape (the focus returns to its button), by a click elsewhere, or when another opens.
function enableSheets() {
  const sheets = () => document.querySelectorAll("details[data-dropdown][open]");
  document.addEventListener("click", (event) => {
    for (const sheet of sheets()) if (!sheet.contains(event.target)) sheet.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const sheet of sheets()) {
      const held = sheet.contains(document.activeElement);
      sheet.open = false;
      if (held) sheet.querySelector("summary").focus();
    }
  });
}

// What finds anything, and what the single keys do, is fetched when it is first wanted: [data-find-script], [data-keys-script].
function enableFinding() {
  const script = document.querySelector("[data-find-script]")?.dataset.findScript;
  if (!script) return;
  let typed = null; // what is typed until the box is there
  const open = async (event) => {
    event.preventDefault();
    if (typed !== null) return;
    typed = "";
    try {
      const palette = await import(script);
      palette.open(typed);
    } finally {
      typed = null;
    }
  };
  document.addEventListener("keydown", (event) => {
    if (typed === null || event.key.length > 1 || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    typed += event.key;
  });
  for (const link of document.querySelectorAll("[data-find]")) {
    link.addEventListener("click", (event) => event.ctrlKey || event.metaKey || event.shiftKey || open(event));
  }
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") open(event);
  });
}

// At once: what is typed next goes there.
function goToSearch(event) {
  const box = document.querySelector('[data-keys="/"]');
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

function wanted({ key, target }) {
  return key === "ArrowDown" || key === "ArrowUp" || (key === " " && target.matches("a"));
}

function enableShortcuts() {
  const toggle = document.querySelector("[data-shortcuts]");
  if (!toggle) return;
  let asked; // once for all keys, or one that came later might be told first
  const keys = () => (asked ??= import(toggle.dataset.keysScript));
  const help = document.querySelector('button[data-keys="?"]');
  toggle.addEventListener("change", () => {
    const { action } = toggle.form;
    fetch(action, { method: "POST", body: new FormData(toggle.form), headers: { Accept: "application/json" }, keepalive: true });
  });
  help.hidden = false;
  for (const one of document.querySelectorAll("[data-keys]")) {
    if (toggle.checked && !one.dataset.keys.includes(" ")) one.setAttribute("aria-keyshortcuts", one.dataset.keys);
  }
  help.addEventListener("click", async () => (await keys()).explain());
  document.addEventListener("keydown", async (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog, .cell-editing");
    if (!toggle.checked || typing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") return goToSearch(event);
    const held = document.activeElement;
    const onRow = event.target.closest("tr[data-id]") && event.target.matches("a, [data-pick]");
    if (onRow && wanted(event)) event.preventDefault(); // what the browser would do is prevented at once, or not at all
    const { press } = await keys();
    return document.activeElement === held && press(event);
  });
}

// What a form is for, from inside any of its fields: [data-keys="Ctrl Enter"], [data-keys="Ctrl Shift Enter"].
function enableSending() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented || event.target.closest("dialog")) return;
    const button = document.querySelector(`[data-keys="Ctrl ${event.shiftKey ? "Shift " : ""}Enter"]`);
    if (button) event.preventDefault();
    button?.click();
  });
}

// A form that is on its way cannot be sent again; coming back to the page makes it usable once more.
function enableSendOnce() {
  let sent = [];
  const release = () => {
    for (const button of sent) button.disabled = false;
    sent = [];
  };
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    const buttons = [...event.target.elements].filter((control) => control.type === "submit" && !control.disabled);
    setTimeout(() => {
      for (const button of buttons) button.disabled = true;
      sent.push(...buttons);
    });
    setTimeout(release, 5000);
  });
  addEventListener("pageshow", release);
}

// Typed text is not lost by leaving: <form data-unsaved> asks first.
function enableUnsaved() {
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    let dirty = form.hasAttribute("data-dirty");
    form.addEventListener("input", () => (dirty = true));
    form.addEventListener("submit", () => (dirty = false));
    addEventListener("beforeunload", (event) => {
      if (dirty) event.preventDefault();
    });
  }
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
  // Whoever comes back to the page, or reads it again, has seen the dialog.
  if (button.dataset.print && performance.getEntriesByType("navigation")[0].type === "navigate") addEventListener("load", () => print());
}
document.querySelectorAll("[data-theme-toggle]").forEach(enableTheme);
enableMessages();
enableSheets();
enableFinding();
enableShortcuts();
enableSending();
enableSendOnce();
enableUnsaved();
