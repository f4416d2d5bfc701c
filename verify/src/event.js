// The public event: draw.md §5 (outcomes), §9.4 and §9.5.

import { ascending, seconds } from './bytes.js';
import { anyText, array, digestOrNone, instant, integer, need, object, text } from './shape.js';

/**
 * How many outcomes a source has, §5.
 * @param {any} source
 */
export function outcomesOf(source) {
  if (source.kind === 'beacon') return 16n ** BigInt(source.hex);
  let product = 1n;
  for (const part of source.parts) {
    const w = BigInt(part.max - part.min + 1);
    const n = BigInt(part.count);
    let outcomes = 1n;
    if (part.ordered === 1) outcomes = w ** n;
    else for (let i = 1n; i <= n; i++) outcomes = (outcomes * (w - n + i)) / i;
    product *= outcomes;
  }
  return product;
}

/**
 * Tells whether the sources together have 1 000 000 outcomes. If nobody sealed
 * a secret, only national lotteries count.
 * @param {any[]} sources
 * @param {boolean} sealed
 */
export function sourcesEnough(sources, sealed) {
  let product = 1n;
  for (const s of sources) {
    if (sealed || s.kind === 'lottery') product *= outcomesOf(s);
  }
  return product >= 1000000n;
}

export const outcomeShape = object({
  code: anyText,
  issue: text(60),
  time: instant,
  numbers: array(array(integer(0, 999))),
  hex: anyText,
  evidence: digestOrNone,
});

/**
 * The sources that count after cancellations, in the order of their places.
 * @param {any} event of the manifest
 * @param {string[]} cancelled
 */
export function chosen(event, cancelled) {
  const known = new Set([...event.sources, ...event.reserves].map((s) => s.code));
  need(ascending(cancelled), '“cancelled”应排序且不重复');
  need(cancelled.every((c) => known.has(c)), '“cancelled”中有未公告的来源');
  const reserves = event.reserves.filter((/** @type {any} */ r) => !cancelled.includes(r.code));
  return event.sources.map((/** @type {any} */ source) => {
    if (!cancelled.includes(source.code)) return source;
    const reserve = reserves.shift();
    need(reserve !== undefined, '没有可替补的来源，本次运行应作废');
    return reserve;
  });
}

/**
 * Checks the outcomes and returns the text of the event.
 * @param {any} event of the manifest
 * @param {boolean} sealed
 * @param {string[]} cancelled
 * @param {any[]} outcomes
 */
export function eventText(event, sealed, cancelled, outcomes) {
  const sources = chosen(event, cancelled);
  need(sourcesEnough(sources, sealed), '替补后的可能结果少于 1000000 种');
  need(outcomes.length === sources.length, '结果的个数与来源不符');
  return sources.map((/** @type {any} */ source, /** @type {number} */ i) => outcomeText(source, outcomes[i])).join('');
}

/**
 * @param {any} source
 * @param {any} outcome
 */
function outcomeText(source, outcome) {
  need(outcome.code === source.code, `此处应是来源“${source.code}”的结果`);
  if (source.kind === 'beacon') {
    need(outcome.numbers.length === 0, `“${source.code}”是信标，不应有号码`);
    need(new RegExp(`^[0-9a-f]{${source.hex}}$`).test(outcome.hex), `“${source.code}”的值应为 ${source.hex} 位十六进制`);
    return `${source.code}:${outcome.hex}/`;
  }
  need(outcome.hex === '', `“${source.code}”不是信标，“hex”应为空`);
  need(outcome.numbers.length === source.parts.length, `“${source.code}”的号码组数不对`);
  const parts = source.parts.map((/** @type {any} */ part, /** @type {number} */ i) => {
    /** @type {number[]} */
    const numbers = outcome.numbers[i];
    need(numbers.length === part.count, `“${source.code}”的号码个数不对`);
    need(numbers.every((n) => n >= part.min && n <= part.max), `“${source.code}”的号码超出范围`);
    need(part.ordered === 1 || new Set(numbers).size === numbers.length, `“${source.code}”的号码重复`);
    const order = part.ordered === 1 ? numbers : numbers.slice().sort((a, b) => a - b);
    const width = String(part.max).length;
    return order.map((n) => String(n).padStart(width, '0')).join('.');
  });
  return `${source.code}:${parts.join('+')}/`;
}

/**
 * The earliest time of the event, §9.4, in seconds.
 * @param {any} manifest
 * @param {any} lock
 */
export function earliest(manifest, lock) {
  return Math.max(seconds(manifest.event.not_before), seconds(lock.time) + 600);
}
