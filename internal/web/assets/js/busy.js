// Shows that something is on its way, and keeps a form from being sent twice.
// Sending it twice would be harmless: the request carries a number.

/** @type {HTMLElement | null} */
let line = null;
let waiting = 0;

function begin() {
  waiting++;
  if (line) return;
  line = document.createElement("div");
  line.className = "progress-line";
  line.setAttribute("aria-hidden", "true");
  document.body.append(line);
}

function end() {
  waiting = Math.max(0, waiting - 1);
  if (waiting > 0) return;
  line?.remove();
  line = null;
}

document.addEventListener("htmx:beforeRequest", begin);
document.addEventListener("htmx:afterRequest", end);

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.method === "dialog" || form.hasAttribute("hx-get")) return;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  begin();
});

// Coming back with the browser's button finds the page as it was left.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  waiting = 0;
  end();
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});
