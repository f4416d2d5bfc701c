// Runs journeys against a server that is already there:
//
//   node run.mjs --base http://127.0.0.1:PORT [--out DIR] [--facts FILE.json] [JOURNEY.mjs …]
//
// Without names it runs all of journeys/. Pictures go to DIR (build/browser).
// It prints one line for each journey and at last `N passed, N failed`, and
// exits with 1 if one failed, 2 if it was asked wrongly.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { launch } from './chromium.mjs';
import { Trip } from './journey.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** Reads the command line. */
function ask() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      base: { type: 'string' },
      out: { type: 'string', default: join(here, '../../build/browser') },
      facts: { type: 'string' },
    },
  });
  if (!values.base) throw new Error('--base is missing: the address of the server under test');
  const all = join(here, 'journeys');
  const files = positionals.length
    ? positionals.map((p) => resolve(p))
    : readdirSync(all).filter((f) => f.endsWith('.mjs')).sort().map((f) => join(all, f));
  if (files.length === 0) throw new Error('there is no journey to run');
  const facts = values.facts ? JSON.parse(readFileSync(values.facts, 'utf8')) : {};
  return { base: values.base.replace(/\/$/, ''), out: values.out, facts, files };
}

/**
 * Runs one journey and tells whether it arrived.
 * @param {import('playwright-core').Browser} browser
 * @param {{base: string, out: string, facts: any}} about
 * @param {string} file
 */
async function travel(browser, about, file) {
  const name = basename(file, '.mjs');
  const began = Date.now();
  const trip = new Trip(browser, { ...about, name });
  const took = () => `${((Date.now() - began) / 1000).toFixed(1)} s`;
  try {
    const journey = await import(pathToFileURL(file).href);
    await journey.default(trip);
    await trip.end();
    console.log(`ok      ${name} (${took()})`);
    return true;
  } catch (e) {
    console.log(`FAILED  ${name} (${took()})\n  ${e instanceof Error ? e.stack : e}`);
    await trip.wreck();
    await trip.end().catch((more) => console.log(`  ${more.message}`));
    return false;
  }
}

let asked;
try {
  asked = ask();
} catch (e) {
  console.error(`run.mjs: ${e instanceof Error ? e.message : e}`);
  process.exit(2);
}
const browser = await launch();
let failed = 0;
for (const file of asked.files) {
  if (!(await travel(browser, asked, file))) failed++;
}
await browser.close();
console.log(`${asked.files.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
