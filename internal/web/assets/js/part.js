// What happens when a part of a page cannot be fetched.
import { say } from "./said.js";

// The server has an answer, but not the part: show the answer as a page, with
// its number and what to do.
document.addEventListener("htmx:responseError", (event) => {
  const xhr = /** @type {CustomEvent<{xhr: XMLHttpRequest}>} */ (event).detail.xhr;
  if (xhr.getResponseHeader("HX-Redirect")) return;
  const url = new URL(xhr.responseURL || location.href, location.href);
  if (url.origin === location.origin) location.assign(url);
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    say("网络不通，内容没有更新。页面上的内容还是刚才的；请检查网络后再试。", { wrong: true });
  });
}
