// Asks once more before a form with data-ask is sent. Grave acts do not rest on
// this: their form asks for the record's number to be typed.

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const question = form.dataset?.ask;
  const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector("[data-ask-dialog]"));
  if (!question || !dialog || form.dataset.asked === "yes") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter;
  const text = dialog.querySelector("[data-ask-text]");
  const yes = dialog.querySelector("[data-ask-yes]");
  if (text) text.textContent = question;
  if (yes) yes.textContent = button?.textContent?.trim() || "确认";
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    form.dataset.asked = "yes";
    form.requestSubmit(/** @type {HTMLElement | null} */ (button));
  }, { once: true });
  dialog.showModal();
}, { capture: true });
