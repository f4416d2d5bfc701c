// SHA256SUMS and SM3SUMS: draw.md §17, §18 L2.1.

import { asciiLines, Fault, hex, malformed } from './bytes.js';
import { digest } from './suite.js';
import { sha256Into } from './sha256.js';
import { sm3Into } from './sm3.js';

const form = /^([0-9a-f]{64}) {2}([0-9A-Za-z._-]{1,100}(?:\/[0-9A-Za-z._-]{1,100})*)$/;

/** @typedef {Map<string, Uint8Array>} Files the files of a bundle, by path */

/**
 * Checks both lists: every file is listed and has its digest.
 * @param {Files} files
 * @param {(done: number) => void} progress told a part of 1
 */
export function checkSums(files, progress) {
  const lists = [
    { list: 'SHA256SUMS', into: sha256Into },
    { list: 'SM3SUMS', into: sm3Into },
  ];
  const paths = [...files.keys()].filter((p) => p !== 'SHA256SUMS' && p !== 'SM3SUMS').sort();
  let done = 0;
  for (const { list, into } of lists) {
    const sums = readSums(files, list);
    for (const path of sums.keys()) {
      if (!files.has(path)) throw new Fault(path, 0, `${list} 列出了它，文件却不在`);
    }
    for (const path of paths) {
      const sum = sums.get(path);
      if (sum === undefined) throw new Fault(path, 0, `不在 ${list} 中`);
      const bytes = /** @type {Uint8Array} */ (files.get(path));
      if (hex(digest(into, bytes)) !== sum) throw new Fault(path, 0, `内容与 ${list} 不符，已被改动`);
      progress(++done / paths.length / 2);
    }
  }
  return paths.length;
}

/**
 * @param {Files} files
 * @param {string} list
 */
function readSums(files, list) {
  const bytes = files.get(list);
  if (!bytes) throw new Fault(list, 0, '缺少这个文件');
  /** @type {Map<string, string>} */
  const sums = new Map();
  let before = '';
  asciiLines(bytes).forEach((line, i) => {
    const m = form.exec(line);
    const path = m?.[2] ?? '';
    if (!m || path.split('/').some((part) => part === '.' || part === '..')) {
      throw malformed(list, i + 1, line, '应为 64 位摘要、两个空格和路径');
    }
    if (path === 'SHA256SUMS' || path === 'SM3SUMS') throw new Fault(list, i + 1, '不应列出清单自身');
    if (path <= before) throw new Fault(list, i + 1, '与上一行重复，或没有按路径排序');
    before = path;
    sums.set(path, m[1]);
  });
  return sums;
}
