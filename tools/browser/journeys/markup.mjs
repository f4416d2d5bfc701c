// Every page that shows what somebody wrote, with markup in all of it: nothing of it runs, and the content policy has
// nothing to report.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { as } from '../hands.mjs';

/** @typedef {import('../journey.mjs').Trip} Trip */
/** @typedef {import('playwright-core').Page} Page */

/**
 * @param {Trip} trip
 */
export default async function (trip) {
  /** @type {Map<string, Page>} */
  const readers = new Map();
  for (const who of ['leader', 'li', 'zhou']) readers.set(who, await watched(await as(trip, who, '/office')));
  readers.set('', await watched(await trip.reader()));
  let pages = 0;
  let shown = 0;
  for (;;) {
    const answer = await fetch(trip.facts.next);
    if (!answer.ok) throw new Error(await answer.text());
    const list = /** @type {{who: string, path: string}[]} */ (await answer.json());
    if (list.length === 0) break;
    for (const { who, path } of list) {
      shown += await looked(/** @type {Page} */ (readers.get(who)), path);
      pages++;
    }
  }
  shown += await named(trip, /** @type {Page} */ (readers.get('leader')));
  console.log(`        ${pages} pages show ${shown} texts with markup`);
  assert.ok(shown > 5 * trip.facts.names.length, `only ${shown} texts with markup are shown`);
}

/**
 * Has a page report what runs on it and what its content policy stops; both are faults
 * of the journey.
 * @param {Page} page
 */
async function watched(page) {
  await page.addInitScript(() => {
    const global = /** @type {any} */ (globalThis);
    global.hit = (/** @type {number} */ n) => console.error(`payload ${n} runs`);
    addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`));
  });
  page.on('dialog', (d) => {
    console.log(`dialog: ${d.message()}`);
    throw new Error(`a dialog opens on ${page.url()}`);
  });
  return page;
}

/**
 * Opens a page and all that is folded on it; returns how many texts with markup it shows.
 * @param {Page} page
 * @param {string} path
 */
async function looked(page, path) {
  const answer = await page.goto(path, { waitUntil: 'domcontentloaded' });
  assert.equal(answer?.status(), 200, path);
  return page.evaluate(() => {
    for (const d of document.querySelectorAll('details')) d.open = true;
    for (const e of document.querySelectorAll('main *')) e.dispatchEvent(new Event('mouseover', { bubbles: true }));
    const fields = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('main input, main textarea'));
    const text = document.querySelector('main')?.textContent + Array.from(fields, (f) => f.value).join(' ');
    return text.split(/hit(?:\(|%28)\d/i).length - 1;
  });
}

/**
 * Files with such names, on the two pages that show names from the address.
 * @param {Trip} trip
 * @param {Page} page
 */
async function named(trip, page) {
  await page.goto('/office/uploads');
  await page.setInputFiles('#upload [name=file]', join(trip.facts.dir, 'photo.jpg'));
  await page.click('#upload button');
  await page.waitForURL(/[?]file=/);
  const digest = new URL(page.url()).searchParams.get('file') ?? '';
  let shown = 0;
  const names = /** @type {string[]} */ (trip.facts.names);
  for (let i = 0; i < names.length; i += 20) {
    const q = new URLSearchParams();
    for (const name of names.slice(i, i + 20)) {
      q.append('file', digest);
      q.append('name', name.replaceAll('/', '\u2215'));
    }
    shown += await looked(page, `/office/uploads?${q}`);
  }
  return shown;
}
