// A box over a list ticks all of its rows. While any is ticked, what can be done to
// them floats over the pager.

/** @param {HTMLInputElement} all */
function rows(all) {
  return /** @type {NodeListOf<HTMLInputElement>} */ (
    all.closest("form")?.querySelectorAll(`input[type="checkbox"][name="${all.dataset.tickAll}"]`) ?? []
  );
}

function show() {
  for (const label of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-tick][hidden]"))) label.hidden = false;
}

document.addEventListener("change", (event) => {
  const box = /** @type {HTMLInputElement} */ (event.target);
  const all = /** @type {HTMLInputElement | null | undefined} */ (box.closest?.("form")?.querySelector("[data-tick-all]"));
  if (!all || (box !== all && box.name !== all.dataset.tickAll)) return;
  if (box === all) for (const row of rows(all)) row.checked = all.checked;
  else all.checked = [...rows(all)].every((row) => row.checked);
  const bar = all.closest("form")?.querySelector("[data-many]");
  const count = bar?.querySelector("[data-many-count]");
  const chosen = [...rows(all)].filter((row) => row.checked).length;
  bar?.classList.toggle("bulk", chosen > 0);
  if (count) count.textContent = chosen > 0 ? `已选 ${chosen} 户` : "";
});

document.addEventListener("htmx:afterSwap", show);
addEventListener("pageshow", show);
