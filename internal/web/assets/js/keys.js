// Keys: / to the search box, n to what is new, ? shows the keys. Nothing happens
// while somebody types.

/** @param {EventTarget | null} target */
function typing(target) {
  return target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  /** @type {Record<string, () => HTMLElement | null>} */
  const places = {
    "/": () => document.querySelector("[data-search]"),
    "n": () => document.querySelector("[data-new]"),
    "?": () => document.querySelector("[data-keys-dialog]"),
  };
  const place = places[event.key]?.();
  if (!place) return;
  event.preventDefault();
  if (place instanceof HTMLDialogElement) place.showModal();
  else if (event.key === "n") place.click();
  else place.focus();
});
