// A chip's link was made before the search box was last typed in: take the words
// along.

document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest?.("form[data-filter] a[href]");
  if (!(link instanceof HTMLAnchorElement)) return;
  const box = /** @type {HTMLInputElement | null} */ (link.closest("form")?.querySelector("[data-search]"));
  if (!box) return;
  const url = new URL(link.href);
  if (box.value) url.searchParams.set(box.name, box.value);
  else url.searchParams.delete(box.name);
  link.href = url.href;
});
