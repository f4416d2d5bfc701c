// Warns before a form with data-guard is left with something entered in it.

/** @type {Set<HTMLFormElement>} */
const changed = new Set();

document.addEventListener("input", (event) => {
  const form = /** @type {Element} */ (event.target).closest?.("form[data-guard]");
  if (form) changed.add(/** @type {HTMLFormElement} */ (form));
});

document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) changed.clear();
});

addEventListener("beforeunload", (event) => {
  for (const form of changed) if (!form.isConnected) changed.delete(form);
  if (changed.size > 0) event.preventDefault();
});
