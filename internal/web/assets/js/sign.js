// A box to sign in by hand. Without this script the paper way remains.

/** @param {HTMLCanvasElement} pad */
function blank(pad) {
  const pen = pad.getContext("2d");
  if (!pen) return;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, pad.width, pad.height);
  pen.lineWidth = 4;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.strokeStyle = "#111";
  delete pad.dataset.inked;
}

function show() {
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-sign][hidden]"))) {
    const pad = box.querySelector("canvas");
    const none = box.parentElement?.querySelector("[data-sign-none]");
    if (!pad) continue;
    blank(pad);
    box.hidden = false;
    none?.remove();
  }
}

/** @param {PointerEvent} event @returns {HTMLCanvasElement | null} */
function padOf(event) {
  const target = /** @type {Element} */ (event.target);
  return /** @type {HTMLCanvasElement | null} */ (target.closest?.(".sign-pad") ?? null);
}

/** @param {HTMLCanvasElement} pad @param {PointerEvent} event */
function at(pad, event) {
  const box = pad.getBoundingClientRect();
  return { x: ((event.clientX - box.left) * pad.width) / box.width, y: ((event.clientY - box.top) * pad.height) / box.height };
}

document.addEventListener("pointerdown", (event) => {
  const pad = padOf(event);
  const pen = pad?.getContext("2d");
  if (!pad || !pen) return;
  pad.setPointerCapture(event.pointerId);
  const { x, y } = at(pad, event);
  pen.beginPath();
  pen.moveTo(x, y);
  pad.dataset.drawing = "";
  event.preventDefault();
});

document.addEventListener("pointermove", (event) => {
  const pad = padOf(event);
  const pen = pad?.getContext("2d");
  if (!pad || !pen || pad.dataset.drawing === undefined) return;
  const { x, y } = at(pad, event);
  pen.lineTo(x, y);
  pen.stroke();
  pad.dataset.inked = "";
});

for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, (event) => {
    const pad = padOf(/** @type {PointerEvent} */ (event));
    if (pad) delete pad.dataset.drawing;
  });
}

document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest?.("[data-sign-clear]");
  const pad = button?.closest("[data-sign]")?.querySelector("canvas");
  if (pad) blank(pad);
});

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const pad = /** @type {HTMLCanvasElement | null} */ (form.querySelector("[data-sign] canvas"));
  const value = /** @type {HTMLInputElement | null} */ (form.querySelector("[data-sign-value]"));
  if (!pad || !value) return;
  value.value = pad.dataset.inked === undefined ? "" : pad.toDataURL("image/png").replace(/^[^,]*,/, "");
}, true);

document.addEventListener("htmx:afterSwap", show);
addEventListener("pageshow", show);
