// "自己算一遍": one ticket by hand.

import { byId, chosenHash, copy, input } from './dom.js';
import { ticketOf } from './rank.js';
import { decimal, suiteOf } from './suite.js';

/** Listens to the form. */
export function startSelf() {
  const form = byId('self');
  form.addEventListener('input', show);
  form.addEventListener('submit', (e) => e.preventDefault());
  form.addEventListener('click', (e) => {
    const button = /** @type {HTMLElement} */ (e.target).closest('button');
    if (button?.dataset.copy) copy(button, byId(button.dataset.copy).textContent ?? '');
  });
  show();
}

/**
 * Fills the form in, from a proof.
 * @param {string} hash
 * @param {string} key
 * @param {string} id
 */
export function fillSelf(hash, key, id) {
  input('self-key').value = key;
  input('self-id').value = id;
  input(`self-${hash}`).checked = true;
  show();
  byId('self').scrollIntoView();
  input('self-key').focus();
}

function show() {
  const key = input('self-key').value.trim();
  const id = input('self-id').value.trim().replaceAll(/\s/g, '').toUpperCase();
  const hint = problem(key, id);
  byId('self-hint').textContent = hint;
  byId('self-answer').hidden = hint !== '' || key === '' || id === '';
  if (byId('self-answer').hidden) return;
  const suite = suiteOf(chosenHash('self-hash'));
  const ticket = ticketOf(suite, key, id);
  byId('self-line').textContent = `${key}:${id}`;
  byId('self-ticket').textContent = ticket;
  byId('self-decimal').textContent = decimal(ticket);
}

/**
 * What keeps the ticket from being computed; empty if nothing does.
 * @param {string} key
 * @param {string} id
 */
function problem(key, id) {
  const real = /^([0-9a-f]{32}|DUMMY[0-9a-f]{27})$/;
  if (key !== '' && !real.test(key)) return '钥匙是 32 位数字和小写字母 a 至 f，请从公布的记录中完整复制。';
  if (id !== '' && !/^[0-9A-Z-]{4,32}$/.test(id)) return '编码只有数字、大写字母和连字符，请填写统一社会信用代码。';
  return '';
}
