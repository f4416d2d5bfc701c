// Menus made of <details data-closes> close by themselves: on Escape, on a click
// elsewhere, and when another opens.

/** @param {EventTarget | null} inside */
function closeOthers(inside) {
  for (const menu of document.querySelectorAll("details[data-closes][open]")) {
    if (!(inside instanceof Node && menu.contains(inside))) menu.removeAttribute("open");
  }
}

document.addEventListener("click", (event) => closeOthers(event.target));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-closes][open]");
  if (!menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary")?.focus();
});
