// "试抽一次": a rehearsal with a word of one's own, draw.md §15.

import { byId, chosenHash, input, make, thousands } from './dom.js';
import { hex } from './bytes.js';
import { goodCode } from './population.js';
import { order, tickets } from './rank.js';
import { drawStrip } from './strip.js';
import { decimal, dummyKey, suiteOf } from './suite.js';

const shown = 20;

/** Listens to the form. */
export function startRehearsal() {
  byId('rehearse').addEventListener('submit', (e) => {
    e.preventDefault();
    draw();
  });
}

function draw() {
  const word = input('rehearse-word').value.trim();
  const size = Number(input('rehearse-size').value);
  const count = Number(input('rehearse-count').value);
  const hint = problem(word, size, count);
  byId('rehearse-hint').textContent = hint;
  byId('rehearse-answer').hidden = hint !== '';
  if (hint) return;
  const suite = suiteOf(chosenHash('rehearse-hash'));
  const key = dummyKey(suite, word, 'g1');
  const ids = examples(size);
  const all = tickets(suite, key, ids);
  const ranked = order(all, ids.map((_, i) => i));
  const ticket = (/** @type {number} */ i) => hex(all.subarray(32 * i, 32 * i + 32));
  byId('rehearse-key').textContent = key;
  drawStrip(byId('rehearse-strip'), ranked.map(ticket), count);
  byId('rehearse-caption').textContent =
    `${thousands(size)} 个示例对象，抽 ${thousands(count)} 个：签号最小的 ${thousands(count)} 个抽中` +
    (count > shown ? `，下表是前 ${shown} 个。` : '。');
  byId('rehearse-rows').replaceChildren(...ranked.slice(0, Math.min(count, shown)).map((i, r) =>
    make('tr', '', make('td', 'n', String(r + 1)), make('td', 'code', ids[i]), make('td', 'n', decimal(ticket(i))))));
}

/**
 * @param {string} word
 * @param {number} size
 * @param {number} count
 */
function problem(word, size, count) {
  if (word === '') return '请先写一个口令，什么字都可以。';
  if (!(Number.isInteger(size) && size >= 2 && size <= 5000)) return '对象数请填 2 至 5000 的整数。';
  if (!(Number.isInteger(count) && count >= 1 && count < size)) return '抽取数请填小于对象数的正整数。';
  return '';
}

/**
 * Made-up codes with a right check character, sorted.
 * @param {number} size
 */
function examples(size) {
  const marks = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  return Array.from({ length: size }, (_, i) => {
    const body = `91370687MAEXA${String(i).padStart(4, '0')}`;
    return [...marks].map((m) => body + m).find(goodCode) ?? body;
  });
}
