// What happens when a part of a page has been fetched, or cannot be.
import { say } from "./said.js";

// The server has an answer, but not the part: show the answer as a page, with
// its number and what to do.
document.addEventListener("htmx:responseError", (event) => {
  const xhr = /** @type {CustomEvent<{xhr: XMLHttpRequest}>} */ (event).detail.xhr;
  if (xhr.getResponseHeader("HX-Redirect")) return;
  const url = new URL(xhr.responseURL || location.href, location.href);
  if (url.origin === location.origin) location.assign(url);
});

// A list that changed under the search box is announced.
document.addEventListener("htmx:afterSwap", (event) => {
  const id = /** @type {CustomEvent<{target: Element}>} */ (event).detail.target.id;
  const heard = document.querySelector("[data-heard]");
  const count = document.getElementById(id)?.querySelector(".pager > span");
  if (heard) heard.textContent = count?.textContent ?? "内容已更新。";
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    say("网络不通，内容没有更新。页面上的内容还是刚才的；请检查网络后再试。", { wrong: true });
  });
}
