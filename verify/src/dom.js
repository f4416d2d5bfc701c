// Small hands for the page.

/**
 * The element with an id; it must be there.
 * @param {string} id
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element ${id}`);
  return element;
}

/**
 * The input with an id.
 * @param {string} id
 */
export function input(id) {
  return /** @type {HTMLInputElement} */ (byId(id));
}

/**
 * Makes an element with a class and with texts or elements in it.
 * @param {string} tag
 * @param {string} className
 * @param {...(string|Node)} children
 */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/**
 * Which hash is chosen in a form.
 * @param {string} name of the radio buttons
 */
export function chosenHash(name) {
  const radio = document.querySelector(`input[name="${name}"]:checked`);
  return /** @type {HTMLInputElement} */ (radio).value;
}

/**
 * Copies a text and says so on the button.
 * @param {HTMLElement} button
 * @param {string} text
 */
export async function copy(button, text) {
  const before = button.dataset.word ?? button.textContent ?? '';
  button.dataset.word = before;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = '已复制';
  } catch {
    button.textContent = '请选中文字后复制';
  }
  setTimeout(() => (button.textContent = before), 2000);
}

/** @param {number} n */
export function thousands(n) {
  return n.toLocaleString('zh-CN');
}
