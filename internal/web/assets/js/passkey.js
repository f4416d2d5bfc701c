// Passkeys: a form with data-passkey asks the site for options, lets the browser
// show or make a passkey, and is sent with its answer. Without script, or in a
// browser without passkeys, the form stays hidden and other ways remain.
import { say } from "./said.js";

/** @param {string} text */
function bytes(text) {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (c) => c.charCodeAt(0)).buffer;
}

/** @param {ArrayBuffer | null | undefined} buffer */
function text(buffer) {
  if (!buffer) return undefined;
  const raw = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** @param {any} options */
function decoded(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.allowCredentials, options.excludeCredentials]) {
    for (const key of list ?? []) key.id = bytes(key.id);
  }
  return options;
}

/** @param {any} key */
function encoded(key) {
  const r = key.response;
  return JSON.stringify({
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    authenticatorAttachment: key.authenticatorAttachment ?? undefined,
    clientExtensionResults: {},
    response: {
      clientDataJSON: text(r.clientDataJSON),
      attestationObject: text(r.attestationObject),
      authenticatorData: r.attestationObject ? undefined : text(r.authenticatorData),
      signature: text(r.signature),
      userHandle: text(r.userHandle),
      transports: r.getTransports?.(),
    },
  });
}

/** What the site itself says is wrong. */
class Told extends Error {}

/** @param {HTMLFormElement} form */
async function ask(form) {
  const answer = await fetch(form.dataset.options ?? "", {
    method: "POST",
    headers: { Accept: "application/json" },
  });
  const body = await answer.json();
  if (!answer.ok) throw new Told(body.detail);
  const publicKey = decoded(body.publicKey);
  const key =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
  /** @type {HTMLInputElement} */ (form.elements.namedItem("answer")).value = encoded(key);
  form.submit();
}

// In the capture phase: before the form counts as sent.
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-passkey]")) return;
  event.preventDefault();
  ask(form).catch((error) => {
    const stopped = error instanceof DOMException; // by the user, or by the browser
    const why = stopped ? "没有完成通行密钥验证。可以再试一次，或者改用其他方式。" : "网络中断。请检查网络后再试一次。";
    say(error instanceof Told ? error.message : why, { wrong: true });
  });
}, { capture: true });

addEventListener("DOMContentLoaded", () => {
  if (!("PublicKeyCredential" in window)) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) form.removeAttribute("hidden");
});
