// Evidence files: a form with data-upload is sent in parts, each file by its digest,
// and goes on where a lost line left it, even after the page was closed: the same
// file is the same upload. Without this script, or where the browser cannot make a
// digest, the form is sent whole.
import { say } from "./said.js";

const LEAST = 64 << 10;
const MOST = 512 << 10;
const TRIES = 40;

/** What the site itself says is wrong. */
class Told extends Error {}
/** A line that was lost, or an upload that another line still holds. */
class Lost extends Error {}

/** @typedef {{at: number, done: boolean}} Progress */

/**
 * @param {string} url
 * @param {Blob} [part]
 * @returns {Promise<Progress>}
 */
async function ask(url, part) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/octet-stream" },
    body: part,
  }).catch(() => {
    throw new Lost();
  });
  if (answer.status === 401) throw new Told("登录已过期。请重新登录后选择同一个文件，上传会从断处继续。");
  const body = await answer.json().catch(() => {
    throw new Lost();
  });
  if (answer.ok) return body;
  if (answer.status >= 500 || ["upload_at", "upload_busy", "upload_lost", "busy"].includes(body.code)) throw new Lost();
  throw new Told(body.detail);
}

/** @param {number} seconds */
const rest = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/**
 * Sends one file.
 * @param {string} action
 * @param {File} file
 * @param {(part: number, note: string) => void} tell
 * @returns {Promise<string>} its digest
 */
async function send(action, file, tell) {
  tell(0, "正在计算摘要");
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  const digest = Array.from(new Uint8Array(hash), (b) => b.toString(16).padStart(2, "0")).join("");
  const url = `${action}/${digest.slice(0, 32)}?sha256=${digest}&size=${file.size}`;
  let size = MOST;
  /** @type {Progress | null} */
  let at = null;
  for (let lost = 0; lost < TRIES; ) {
    try {
      if (!at) at = await ask(url);
      if (at.done) return digest;
      tell(at.at / file.size, `已上传 ${Math.floor((100 * at.at) / file.size)}%`);
      at = await ask(`${url}&at=${at.at}`, file.slice(at.at, at.at + size));
      size = Math.min(2 * size, MOST);
      lost = 0;
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      tell(at ? at.at / file.size : 0, "网络中断，正在重新连接。已上传的部分不会丢失");
      at = null;
      size = Math.max(size / 2, LEAST);
      lost++;
      await rest(Math.min(lost, 15));
    }
  }
  throw new Told("网络长时间中断。已上传的部分保留一天，请在网络恢复后选择同一个文件继续上传。");
}

/**
 * @param {HTMLFormElement} form
 * @param {File[]} files
 */
async function sendAll(form, files) {
  const state = /** @type {HTMLElement} */ (form.querySelector("[data-upload-state]"));
  const bar = /** @type {HTMLProgressElement} */ (state.querySelector("progress"));
  const line = /** @type {HTMLElement} */ (state.querySelector("[role=status]"));
  state.hidden = false;
  const to = new URL(String(new FormData(form).get("then")), location.origin);
  for (const [n, file] of files.entries()) {
    const digest = await send(form.getAttribute("action") ?? "", file, (part, note) => {
      bar.value = part;
      line.textContent = `${files.length > 1 ? `第 ${n + 1} 个，共 ${files.length} 个：` : ""}${note}。`;
    });
    to.searchParams.append("file", digest);
    to.searchParams.append("name", file.name);
  }
  location.assign(to);
}

// In the capture phase: before the form counts as sent.
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-upload]")) return;
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
  const files = Array.from(input.files ?? []);
  const most = Number(form.dataset.upload);
  const large = files.find((f) => f.size > most << 20);
  const button = form.querySelector("button");
  if (button?.getAttribute("aria-busy") || large) event.preventDefault();
  if (large) say(`“${large.name}”超过 ${most} MB。请压缩、剪短或者分成几个文件后再上传。`, { wrong: true });
  if (event.defaultPrevented || !globalThis.crypto?.subtle || files.some((f) => f.size === 0)) return;
  event.preventDefault();
  button?.setAttribute("aria-busy", "true");
  sendAll(form, files)
    .catch((error) => say(error instanceof Told ? error.message : "文件无法读取。请重新选择后再试一次。", { wrong: true }))
    .finally(() => button?.removeAttribute("aria-busy"));
}, { capture: true });
