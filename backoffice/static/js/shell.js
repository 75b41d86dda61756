// What every page has: theme, messages, sheets and dialogs, shortcuts, and forms that are sent once and lose nothing.

const page = document.documentElement;

function enableTheme(button) {
  const use = button.querySelector("use");
  const sprite = use.getAttribute("href").split("#")[0];
  const order = ["system", "light", "dark"];
  const show = (theme) => {
    use.setAttribute("href", `${sprite}#${theme}`);
    button.setAttribute("aria-label", `Theme: ${theme}`);
    button.title = `Theme: ${theme}`;
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

function enableMessages() {
  for (const button of document.querySelectorAll("[data-dismiss]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.closest("[data-message]").remove();
      document.getElementById("main").focus({ preventScroll: true });
    });
  }
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

function enableDialogs() {
  for (const opener of document.querySelectorAll("[data-opens]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => document.getElementById(opener.dataset.opens).showModal());
  }
}

function enableShortcuts() {
  const toggle = document.querySelector("[data-shortcuts]");
  if (!toggle) return;
  toggle.checked = localStorage.getItem("shortcuts") !== "off";
  toggle.addEventListener("change", () => localStorage.setItem("shortcuts", toggle.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
    if (!toggle.checked || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      const box = document.querySelector("[data-search]");
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "?") {
      document.getElementById("shortcuts").showModal();
    }
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

document.querySelectorAll("[data-theme-toggle]").forEach(enableTheme);
enableMessages();
enableSheets();
enableDialogs();
enableShortcuts();
enableSendOnce();
enableUnsaved();
