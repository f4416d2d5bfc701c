// What has just happened, told in a corner of the page.

// What led here, such as the receipt of the last act, belongs to this showing of
// the page, not to its address.
const address = new URL(location.href);
for (const once of ["done", "unsent"]) {
  if (!address.searchParams.has(once)) continue;
  address.searchParams.delete(once);
  history.replaceState(history.state, "", address);
}

// A form that came back says so first: focus goes to what is wrong.
addEventListener("DOMContentLoaded", () => {
  /** @type {HTMLElement | null} */ (document.querySelector("[data-focus]"))?.focus();
});

/**
 * Says text in a corner of the page, where screen readers hear it too.
 * @param {string} text
 * @param {{wrong?: boolean}} [how]
 */
export function say(text, how = {}) {
  const box = document.querySelector("[data-saids]");
  if (!box) return;
  const said = document.createElement("div");
  said.className = how.wrong ? "said wrong-said" : "said";
  const p = document.createElement("p");
  p.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "said-close";
  close.setAttribute("aria-label", "关闭");
  close.textContent = "×";
  close.addEventListener("click", () => said.remove());
  said.append(p, close);
  box.append(said);
  if (!how.wrong) setTimeout(() => said.remove(), 6000);
}
