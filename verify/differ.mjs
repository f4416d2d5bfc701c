// Compares this verifier with the Go programs, in two ways:
//
//   node verify/differ.mjs --batches N [--seed S] [--program DRAWVECTORS]
//
// does N random small draws of `go run ./tools/drawvectors batches N S` again,
// byte for byte: every hash, root, quota, ticket, list, demand and team, and the
// proof of one object. Signatures are slow here, so only those of every 50th draw
// are verified.
//
//   node verify/differ.mjs SUICHA-VERIFY FOLDER [SEED] [COUNT]
//
// damages a bundle, makes its lists of digests right again, and prints what only
// one of the two verifiers accepts.
//
// It exits with 1 if there is any difference.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Verification } from './src/bundle.js';
import { Fault, utf8 } from './src/bytes.js';
import { matchInputs, matchOutputs } from './src/ceremony.js';
import { verifyProof } from './src/proof.js';
import { publicReplacements, replacementsFile } from './src/replace.js';
import { suites } from './src/suite.js';
import { checkSums } from './src/sums.js';
import { folder, mended, random } from './rig.mjs';

/**
 * What a supervised bundle has of files of both kinds, and what a public one has.
 * @param {Map<string, Uint8Array>} files
 */
const supervised = (files) => mended(new Map([...files].filter(([path]) => !publicOnly.includes(path))));
/** @param {Map<string, Uint8Array>} files */
const published = (files) => mended(new Map([...files].filter(([path]) => path !== 'population.tsv' && !matching.includes(path))));

const matching = [...matchInputs, ...matchOutputs, replacementsFile];
const publicOnly = ['population.public.tsv', publicReplacements];
const silent = { step: () => {}, progress: () => {} };

/**
 * What this verifier says of a bundle; empty if it accepts it.
 * @param {Map<string, Uint8Array>} files
 */
const ours = (files) => told(() => {
  new Verification(files, silent).all();
  const proof = files.get('proof.json');
  if (proof) verifyProof('proof.json', proof);
});

/**
 * The fault that a check finds, or nothing.
 * @param {() => void} check
 */
function told(check) {
  try {
    check();
    return '';
  } catch (e) {
    if (e instanceof Fault) return e.message;
    throw e;
  }
}

/**
 * Does random small draws again and tells how many differ.
 * @param {number} count
 * @param {number} seed
 * @param {string} [program] drawvectors, built before
 */
export async function compareBatches(count, seed, program) {
  const args = ['batches', String(count), String(seed)];
  const tree = fileURLToPath(new URL('../', import.meta.url));
  const go = program ? spawn(program, args, { cwd: tree }) : spawn('go', ['run', './tools/drawvectors', ...args], { cwd: tree });
  go.stderr.pipe(process.stderr);
  const ended = new Promise((done) => go.on('close', done));
  let n = 0;
  let matched = 0;
  let different = 0;
  let replaced = 0;
  for await (const line of createInterface({ input: go.stdout, crlfDelay: Infinity })) {
    const { files } = JSON.parse(line);
    for (const s of Object.values(suites)) {
      if (n % 50 === 0) Reflect.deleteProperty(s, 'verify');
      else s.verify = () => true;
    }
    const bundle = new Map(Object.entries(files).map(([path, text]) => [path, utf8(/** @type {string} */ (text))]));
    const fault = told(() => checkSums(bundle, silent.progress)) || ours(supervised(bundle)) || ours(published(bundle));
    if (fault) {
      different++;
      console.log(`draw ${n} of seed ${seed}: ${fault}`);
    }
    n++;
    if (bundle.has('assignment.tsv')) matched++;
    if (bundle.get(replacementsFile)?.length) replaced++;
  }
  for (const s of Object.values(suites)) Reflect.deleteProperty(s, 'verify');
  if ((await ended) !== 0 || n !== count) throw new Error(`drawvectors gave ${n} of ${count} draws`);
  return { different, matched, replaced };
}

/**
 * Damages a bundle again and again, and tells how many only one verifier accepts.
 * @param {string} program
 * @param {string} top
 * @param {number} seed
 * @param {number} count
 */
function compareDamaged(program, top, seed, count) {
  const below = random(seed);
  const base = folder(top);
  const paths = [...base.keys()].filter((p) => !p.endsWith('SUMS') && !p.startsWith('verify/'));
  const place = mkdtempSync(join(tmpdir(), 'differ-'));
  let different = 0;
  for (let k = 0; k < count; k++) {
    const path = paths[below(paths.length)];
    const files = new Map(base);
    if (below(12) === 0) files.delete(path);
    else files.set(path, new Uint8Array(damaged([...(base.get(path) ?? [])], below)));
    const whole = mended(files);
    const [a, b] = [ours(whole), theirs(whole, program, place)];
    if ((a === '') === (b === '') && where(a) === where(b)) continue;
    different++;
    console.log(`${path}: here ${a || 'accepted'}; suicha-verify ${b || 'accepted'}`);
  }
  rmSync(place, { recursive: true, force: true });
  return different;
}

/**
 * The file and line that a fault names.
 * @param {string} fault
 */
const where = (fault) => /^(?:不符：)?([^ ]*): /.exec(fault)?.[1] ?? '';

/**
 * @param {number[]} bytes
 * @param {(n: number) => number} below
 */
function damaged(bytes, below) {
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

/**
 * What suicha-verify says of a bundle; empty if it accepts it.
 * @param {Map<string, Uint8Array>} files
 * @param {string} program
 * @param {string} place
 */
function theirs(files, program, place) {
  rmSync(place, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), bytes);
  }
  const run = spawnSync(program, [place], { encoding: 'utf8' });
  if (run.error) throw run.error;
  return run.status === 0 ? '' : (run.stdout + run.stderr).trim().split('\n').at(-1) ?? '';
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { batches: { type: 'string' }, seed: { type: 'string', default: '1' }, program: { type: 'string' } },
  });
  if (values.batches) {
    const began = performance.now();
    const { different, matched } = await compareBatches(Number(values.batches), Number(values.seed), values.program);
    const took = Math.round((performance.now() - began) / 1000);
    console.log(`${values.batches} draws, ${matched} with teams, seed ${values.seed}, ${took} s: ${different} different`);
    return different;
  }
  const [program, top, seed = '1', count = '200'] = positionals;
  if (!top) {
    console.error('usage: node verify/differ.mjs --batches N [--seed S], or SUICHA-VERIFY FOLDER [SEED] [COUNT]');
    process.exit(2);
  }
  const different = compareDamaged(program, top, Number(seed), Number(count));
  console.log(`${count} damaged bundles, seed ${seed}: ${different} judged differently`);
  return different;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit((await main()) > 0 ? 1 : 0);
