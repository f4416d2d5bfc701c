// The big screen of a draw: asks every few seconds whether something has changed,
// and lets the list, which is public already, appear one by one. What is shown when
// depends on the list alone and on how far this window has come, so that a reload
// goes on where it was. Space pauses, the arrows step, Home and End jump.

export {}; // a module: its names are its own

const ASK = 3000; // milliseconds between two questions
const SHOWN = 9; // rows on the screen
const LONGEST = 300000; // a long list still takes five minutes at most
const STEP = 1500;

/** @type {HTMLElement | null} */
let stage = document.querySelector("[data-screen]");
let tag = "";
let failures = 0;
let ahead = 0; // milliseconds that the server's clock is ahead of ours
let at = 0; // rows that have appeared
let paused = false;
let timer = 0;

/** @param {string} name @returns {HTMLElement | null} */
const part = (name) => stage?.querySelector(`[data-${name}]`) ?? null;

/** @returns {HTMLElement[]} */
const rows = () => [...(stage?.querySelectorAll(".stage-list ol > li") ?? [])].map((li) => /** @type {HTMLElement} */ (li));

const key = () => "screen " + stage?.dataset.screen;

/** @param {string} name @param {string} text */
function say(name, text) {
  const place = part(name);
  if (!place) return;
  place.textContent = text;
  place.hidden = text === "";
}

/** @param {number[]} marks @param {number} top @param {number} height */
const strokes = (marks, top, height) => marks.map((x) => `M${x} ${top}v${height}`).join("");

/** Shows the cell that the newest row belongs to, with as many tickets. */
function paint() {
  const list = rows();
  const newest = Math.max(0, at - 1);
  list.forEach((row, i) => {
    row.hidden = i >= at || i < at - SHOWN;
    row.classList.toggle("new", i === newest && at > 0 && at < list.length);
  });
  const best = /** @type {HTMLElement | null} */ (stage?.querySelector("[data-best]") ?? null);
  const cell = (at < list.length ? list[newest]?.dataset.cell : best?.dataset.cell) ?? "0";
  const first = list.findIndex((row) => row.dataset.cell === cell);
  for (const section of stage?.querySelectorAll(".stage-cell") ?? []) {
    const panel = /** @type {HTMLElement} */ (section);
    panel.hidden = panel.dataset.cell !== cell;
    if (panel.hidden) continue;
    const svg = panel.querySelector("svg");
    const marks = (svg?.dataset.marks ?? "").split(" ").filter(Boolean).map(Number);
    const done = Math.max(0, Math.min(at - first, marks.length));
    const over = at >= list.length;
    svg?.querySelector(".in")?.setAttribute("d", strokes(marks.slice(0, over ? done : done - 1), 126, 110));
    svg?.querySelector(".now")?.setAttribute("d", over || done < 1 ? "" : strokes([marks[done - 1]], 106, 130));
    svg?.querySelector(".dim")?.setAttribute("d", strokes(marks.slice(done), 180, 56));
    const left = marks.length - done;
    const said = svg?.querySelector("[data-said]");
    if (said) said.textContent = left > 0 ? `已亮出 ${done} 户，还有 ${left} 户` : `抽中 ${marks.length} 户`;
  }
  const count = part("count");
  if (count) count.textContent = at.toLocaleString("en-US");
  say("cell-name", at < list.length ? "正在公布" : "抽中名单");
  say("hint", paused ? "已暂停　空格继续　→ 下一户　End 全部" : "");
}

/** @param {number} to */
function go(to) {
  at = Math.max(0, Math.min(to, rows().length));
  sessionStorage.setItem(key(), JSON.stringify({ at, paused }));
  paint();
}

function pace() {
  clearInterval(timer);
  const list = rows();
  if (stage?.dataset.show !== "list" || list.length === 0) return;
  stage.querySelector(".stage-list")?.classList.add("paced");
  const kept = sessionStorage.getItem(key());
  if (kept) ({ at, paused } = JSON.parse(kept));
  else {
    // Who opens the screen long afterwards sees the whole list at once.
    const old = Date.now() + ahead - Number(stage.dataset.began) * 1000 > 3600000;
    at = old ? list.length : 0;
    paused = false;
  }
  go(at);
  timer = window.setInterval(() => {
    if (!paused && at < rows().length) go(at + 1);
  }, Math.max(50, Math.min(STEP, LONGEST / list.length)));
}

document.addEventListener("keydown", (event) => {
  if (stage?.dataset.show !== "list" || event.ctrlKey || event.metaKey || event.altKey) return;
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: Infinity }[event.key];
  if (event.key === " ") paused = !paused;
  else if (to === undefined) return;
  event.preventDefault();
  if (to !== undefined && event.key !== "Home") paused = true;
  if (event.key === "Home") paused = false;
  go(to ?? at);
});

/** @param {string} html */
function exchange(html) {
  const next = new DOMParser().parseFromString(html, "text/html");
  const fresh = /** @type {HTMLElement | null} */ (next.querySelector("[data-screen]"));
  if (!stage || !fresh || fresh.dataset.screen === stage.dataset.screen) return;
  const here = document.adoptNode(fresh);
  stage.replaceWith(here);
  stage = here;
  document.title = next.title;
  pace();
}

async function ask() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
    const date = Date.parse(answer.headers.get("Date") ?? "");
    if (date) ahead = date - Date.now();
    if (answer.status === 200) {
      tag = answer.headers.get("ETag") ?? "";
      exchange(await answer.text());
    } else if (answer.status !== 304) throw new Error(String(answer.status));
    failures = 0;
    say("lost", "");
  } catch {
    failures++;
    if (failures > 1) say("lost", `连接中断，画面停在刚才的状态。正在重新连接（第 ${failures} 次）。`);
  }
  const live = part("live");
  if (live) live.hidden = failures > 1;
}

if (stage) {
  ask();
  window.setInterval(ask, ASK);
  window.setInterval(() => say("clock", new Date(Date.now() + ahead).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" })), 500);
  pace();
}
