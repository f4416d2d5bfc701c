// Compares this verifier with suicha-verify on damaged bundles whose lists of
// digests were made right again:
//
//   node verify/differ.mjs SUICHA-VERIFY FOLDER [SEED] [COUNT]
//
// It prints what only one of the two accepts, and exits with 1 if there is any.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Verification } from './src/bundle.js';
import { Fault } from './src/bytes.js';
import { folder, mended, random } from './rig.mjs';

const [program, bundle, seed = '1', count = '200'] = process.argv.slice(2);
if (!bundle) {
  console.error('usage: node verify/differ.mjs SUICHA-VERIFY FOLDER [SEED] [COUNT]');
  process.exit(2);
}
const below = random(Number(seed));
const base = folder(bundle);
const paths = [...base.keys()].filter((p) => !p.endsWith('SUMS'));
const place = mkdtempSync(join(tmpdir(), 'differ-'));

/** @param {number[]} bytes */
function damaged(bytes) {
  const at = below(bytes.length + 1);
  const kind = below(8);
  if (kind === 0) return bytes.slice(0, at);
  if (kind < 3) return [...bytes.slice(0, at), ...bytes.slice(at + 1)];
  if (kind < 5) return [...bytes.slice(0, at), 0x20 + below(95), ...bytes.slice(at)];
  if (kind < 7) return [...bytes.slice(0, at), 0x30 + below(10), ...bytes.slice(at + 1)];
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  const line = below(lines.length);
  lines.splice(line, below(2), lines[line], lines[below(lines.length)]);
  return [...Buffer.from(lines.join('\n'), 'latin1')];
}

/** @param {Map<string, Uint8Array>} files */
function ours(files) {
  try {
    new Verification(files, { step: () => {}, progress: () => {} }).all();
    return '';
  } catch (e) {
    if (e instanceof Fault) return e.message;
    throw e;
  }
}

/** @param {Map<string, Uint8Array>} files */
function theirs(files) {
  rmSync(place, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), bytes);
  }
  const run = spawnSync(program, [place], { encoding: 'utf8' });
  if (run.error) throw run.error;
  return run.status === 0 ? '' : (run.stdout + run.stderr).trim().split('\n').at(-1) ?? '';
}

let different = 0;
for (let k = 0; k < Number(count); k++) {
  const path = paths[below(paths.length)];
  const files = new Map(base);
  if (below(12) === 0) files.delete(path);
  else files.set(path, new Uint8Array(damaged([...(base.get(path) ?? [])])));
  const whole = mended(files);
  const [a, b] = [ours(whole), theirs(whole)];
  if ((a === '') === (b === '')) continue;
  different++;
  console.log(`${path}: here ${a || 'accepted'}; suicha-verify ${b || 'accepted'}`);
}
rmSync(place, { recursive: true, force: true });
console.log(`${count} damaged bundles, seed ${seed}: ${different} accepted by one of the two only`);
process.exit(different > 0 ? 1 : 0);
