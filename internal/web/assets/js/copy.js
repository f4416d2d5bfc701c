// Copies what data-copy holds: codes are shown in groups and copied plain.
import { say } from "./said.js";

document.addEventListener("click", async (event) => {
  const button = /** @type {Element} */ (event.target).closest?.("[data-copy]");
  if (!button) return;
  const text = button.getAttribute("data-copy") ?? "";
  try {
    await navigator.clipboard.writeText(text);
    say("已复制。");
  } catch {
    say("浏览器不允许复制。请选中后手动复制：" + text, { wrong: true });
  }
});
