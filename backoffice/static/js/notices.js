// While a job of the person is open, every page asks now and then whether it has ended, and says so.
//   [data-notices=<address>] #messages

const EVERY = 5000; // milliseconds
const source = document.querySelector("[data-notices]");
const place = document.getElementById("messages");

function show(html) {
  place.append(...new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-message]"));
}

async function ask() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(source.dataset.notices, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const told = await answer.json();
      show(told.messages);
      if (!told.open) return;
    } catch {
      // The server is away: the next question may reach it.
    }
  }
  setTimeout(ask, EVERY);
}

if (source && place && !document.querySelector("[data-job]")) setTimeout(ask, EVERY);
