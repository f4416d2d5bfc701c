// The worker of the page: it verifies what the page hands over, so that the
// page stays alive meanwhile.

import { Verification } from './bundle.js';
import { Fault } from './bytes.js';
import { verifyProof } from './proof.js';
import { unzip, withoutFolder } from './zip.js';

/**
 * What the page asks, and what it is told.
 * @typedef {{files: {path: string, bytes: Uint8Array}[]}} Request
 * @typedef {{kind: 'progress', part: number}
 *   | {kind: 'step', mark: 'done'|'note', title: string, detail: string}
 *   | {kind: 'bundle', summary: any, took: number}
 *   | {kind: 'proof', shown: ReturnType<typeof verifyProof>, took: number}
 *   | {kind: 'fault', text: string}
 *   | {kind: 'broken', text: string}} Answer
 */

const post = (/** @type {Answer} */ answer) => postMessage(answer);

addEventListener('message', async (/** @type {MessageEvent<Request>} */ e) => {
  const began = performance.now();
  const took = () => performance.now() - began;
  try {
    const files = await gather(e.data.files);
    const [only] = files.keys();
    if (files.size === 1 && only.endsWith('.json')) {
      const bytes = /** @type {Uint8Array} */ (files.get(only));
      const shown = verifyProof(only, bytes, (title, detail) => post({ kind: 'step', mark: 'done', title, detail }));
      post({ kind: 'proof', shown, took: took() });
      return;
    }
    const verification = new Verification(files, {
      step: (mark, title, detail) => post({ kind: 'step', mark, title, detail }),
      progress: (part) => post({ kind: 'progress', part }),
    });
    const summary = verification.all();
    post({ kind: 'bundle', summary, took: took() });
  } catch (error) {
    if (error instanceof Fault) post({ kind: 'fault', text: error.message });
    else post({ kind: 'broken', text: String(error) });
  }
});

/**
 * The files by path; a zip file alone stands for what is in it.
 * @param {{path: string, bytes: Uint8Array}[]} given
 */
async function gather(given) {
  if (given.length === 1 && isZip(given[0].bytes)) return unzip(given[0].bytes);
  return withoutFolder(new Map(given.map((f) => [f.path, f.bytes])));
}

/** @param {Uint8Array} bytes */
function isZip(bytes) {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}
