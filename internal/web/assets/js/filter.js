// The links around a list were made before its search box was last typed in. They
// take the words along: chips, views, and what is marked with data-follow, such
// as an export. Links inside the list come anew with it.

/** @param {HTMLFormElement} form */
function follow(form) {
  const box = /** @type {HTMLInputElement | null} */ (form.querySelector("[data-search]"));
  if (!box) return;
  const list = form.getAttribute("hx-target");
  const here = new URL(form.action).pathname;
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("main a[href]"))) {
    const url = new URL(link.href);
    if (list && link.closest(list)) continue;
    if (url.origin !== location.origin || (url.pathname !== here && !link.matches("[data-follow]"))) continue;
    if (link.matches(".crumb a, [data-afresh]")) continue;
    if (box.value) url.searchParams.set(box.name, box.value);
    else url.searchParams.delete(box.name);
    link.href = url.href;
  }
}

document.addEventListener("input", (event) => {
  const form = /** @type {Element} */ (event.target).closest?.("form[data-filter]");
  if (form) follow(/** @type {HTMLFormElement} */ (form));
});

// What the browser fills in again when it comes back to a page is typed, too.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-filter]")) follow(/** @type {HTMLFormElement} */ (form));
});
