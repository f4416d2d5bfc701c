// Zip files: members that are stored or deflated. Whether they are whole is not
// asked here: the lists of digests tell.

import { Fault, fromUtf8 } from './bytes.js';

const most = 1 << 30;

/**
 * The files of a zip file, by path. A folder that holds everything is left out of the paths.
 * @param {Uint8Array} bytes
 * @returns {Promise<Map<string, Uint8Array>>}
 */
export async function unzip(bytes) {
  /** @type {Map<string, Uint8Array>} */
  const files = new Map();
  let size = 0;
  for (const member of members(bytes)) {
    if (member.path.endsWith('/')) continue;
    if (files.has(member.path)) throw new Fault(member.path, 0, '压缩包里有两个同名文件');
    size += member.size;
    if (size > most) throw new Fault('压缩包', 0, '解开后超过 1 GB，请解压后选择文件夹');
    files.set(member.path, await contents(member));
  }
  return withoutFolder(files);
}

/**
 * Leaves out the folder that all paths begin with, if there is one.
 * @param {Map<string, Uint8Array>} files
 */
export function withoutFolder(files) {
  const tops = new Set([...files.keys()].map((p) => p.slice(0, p.indexOf('/') + 1)));
  const [top] = tops;
  if (tops.size !== 1 || top === '') return files;
  return new Map([...files].map(([path, bytes]) => [path.slice(top.length), bytes]));
}

/** @typedef {{path: string, method: number, size: number, data: Uint8Array}} Member */

const broken = () => new Fault('压缩包', 0, '不是完整的 zip 文件，请重新下载');

/**
 * The members that the central directory lists.
 * @param {Uint8Array} bytes
 */
function members(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw broken();
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  /** @type {Member[]} */
  const all = [];
  try {
    for (let i = 0; i < count; i++) {
      if (view.getUint32(at, true) !== 0x02014b50) throw broken();
      const [name, extra, comment] = [28, 30, 32].map((o) => view.getUint16(at + o, true));
      all.push(member(view, bytes, at, name));
      at += 46 + name + extra + comment;
    }
  } catch (e) {
    throw e instanceof RangeError ? broken() : e;
  }
  return all;
}

/**
 * @param {DataView} view
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} name
 * @returns {Member}
 */
function member(view, bytes, at, name) {
  const path = fromUtf8(bytes.subarray(at + 46, at + 46 + name));
  const packed = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const local = view.getUint32(at + 42, true);
  if (path === null || packed === 0xffffffff || local === 0xffffffff) throw broken();
  if (view.getUint16(at + 8, true) & 1) throw new Fault(path, 0, '压缩包加了密码，请先解压');
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (view.getUint32(local, true) !== 0x04034b50 || start + packed > bytes.length) throw broken();
  return { path, size, method: view.getUint16(at + 10, true), data: bytes.subarray(start, start + packed) };
}

/** @param {Member} member */
async function contents(member) {
  if (member.method === 0 && member.data.length === member.size) return member.data;
  if (member.method !== 8) throw new Fault(member.path, 0, '压缩方式不支持，请先解压再选择文件夹');
  const out = new Uint8Array(member.size);
  let at = 0;
  try {
    const stream = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (member.data)]).stream();
    const reader = stream.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      out.set(value, at);
      at += value.length;
    }
  } catch {
    throw broken();
  }
  if (at !== member.size) throw broken();
  return out;
}
