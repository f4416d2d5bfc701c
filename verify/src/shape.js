// The shapes of documents: which fields there are and what may stand in them.
// The form of all documents is checked before the content of any: draw.md §18.

import { ascending, classes, inRepertoire, isInstant, utf8 } from './bytes.js';

/** A Refusal is what is wrong with a document; the caller knows in which file. */
export class Refusal extends Error {}

/**
 * Refuses unless the condition holds.
 * @param {boolean} condition
 * @param {string} text
 */
export function need(condition, text) {
  if (!condition) throw new Refusal(text);
}

/**
 * A Shape describes a value. `form` looks at types and fields only; `content`,
 * called afterwards, at what stands in them.
 * @typedef {{form: (value: any, at: string) => void, content: (value: any, at: string) => void}} Shape
 */

/**
 * @param {(value: string) => boolean} rule
 * @param {string} wanted
 * @returns {Shape}
 */
export function string(rule, wanted) {
  return {
    form: (value, at) => need(typeof value === 'string', `“${at}”应为文字`),
    content: (value, at) => need(rule(value), `“${at}”应为${wanted}`),
  };
}

/**
 * @param {number} min
 * @param {number} max
 * @returns {Shape}
 */
export function integer(min, max) {
  return {
    form: (value, at) => need(typeof value === 'number', `“${at}”应为整数`),
    content: (value, at) => need(value >= min && value <= max, `“${at}”应在 ${min} 至 ${max} 之间`),
  };
}

/**
 * @param {Shape} of
 * @param {number} [min]
 * @param {number} [max]
 * @returns {Shape}
 */
export function array(of, min = 0, max = Infinity) {
  return {
    form: (value, at) => {
      need(Array.isArray(value), `“${at}”应为数组`);
      value.forEach((/** @type {any} */ v, /** @type {number} */ i) => of.form(v, `${at}[${i}]`));
    },
    content: (value, at) => {
      need(value.length >= min && value.length <= max, `“${at}”的个数不对`);
      value.forEach((/** @type {any} */ v, /** @type {number} */ i) => of.content(v, `${at}[${i}]`));
    },
  };
}

/**
 * An object with exactly these fields; those of `optional` may be missing.
 * @param {Record<string, Shape>} fields
 * @param {Record<string, Shape>} [optional]
 * @returns {Shape}
 */
export function object(fields, optional = {}) {
  const all = { ...fields, ...optional };
  const inside = (/** @type {string} */ at, /** @type {string} */ key) => (at ? `${at}.${key}` : key);
  return {
    form: (value, at) => {
      need(typeof value === 'object' && !Array.isArray(value), `“${at}”应为对象`);
      for (const key of Object.keys(value)) need(Object.hasOwn(all, key), `多出字段“${inside(at, key)}”`);
      for (const key of Object.keys(fields)) need(key in value, `缺少字段“${inside(at, key)}”`);
      for (const key of Object.keys(value)) all[key].form(value[key], inside(at, key));
    },
    content: (value, at) => {
      for (const key of Object.keys(value)) all[key].content(value[key], inside(at, key));
    },
  };
}

/**
 * @param {RegExp} pattern
 * @param {string} wanted
 */
const matching = (pattern, wanted) => string((s) => pattern.test(s), wanted);

export const anyText = string(() => true, '文字');
export const digest = matching(new RegExp(`^${classes.digest}$`), '64 位十六进制摘要');
export const digestOrNone = matching(new RegExp(`^(${classes.digest})?$`), '空或 64 位十六进制摘要');
export const instant = string(isInstant, '时刻（如 2026-11-20T04:30:00Z）');
export const secret = matching(/^[0-9a-f]{64}$/, '64 位十六进制的随机数');
export const signature = matching(/^[0-9a-f]{128}$/, '128 位十六进制签名');
export const count = integer(0, 2 ** 28);

/** @param {string} doc */
export const title = (doc) => string((s) => s === doc, `“${doc}”`);

/** @param {number} n */
export const code = (n) => matching(new RegExp(`^${classes.code}{1,${n}}$`), `1 至 ${n} 位字母数字`);

/** @param {number} n */
export const name = (n) => matching(new RegExp(`^${classes.name}{1,${n}}$`), `1 至 ${n} 位字母、数字或 . _ -`);

/** @param {number} n */
export const text = (n) => string((s) => isText(s, n), `1 至 ${n} 字节的文字，首尾无空格`);

/** @param {...string} values */
export const oneOf = (...values) => string((s) => values.includes(s), values.join('、'));

/**
 * Text(n) of §3.4.
 * @param {string} s
 * @param {number} n
 */
export function isText(s, n) {
  const size = utf8(s).length;
  return size >= 1 && size <= n && inRepertoire(s) && !s.startsWith(' ') && !s.endsWith(' ');
}

/**
 * Refuses members that are not sorted by a field, or of which two are equal.
 * @param {any[]} members
 * @param {string} field
 * @param {string} at
 */
export function sortedBy(members, field, at) {
  need(ascending(members.map((m) => m[field])), `“${at}”应按 ${field} 排序且不重复`);
}
