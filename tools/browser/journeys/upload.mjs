// Evidence over a slow line that breaks: the same file goes on where it was, another's rest is refused.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { as } from '../hands.mjs';

/** @typedef {import('../journey.mjs').Trip} Trip */
/** @typedef {import('playwright-core').Page} Page */

// As long as the slow line may take for one file.
const patience = { timeout: 120_000 };

/**
 * @param {Trip} trip
 */
export default async function (trip) {
  const page = await as(trip, 'officer', '/office/uploads');
  const began = Date.now();
  await broken(trip, page);
  console.log(`        one file over the broken line: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  const again = await closed(trip, page);
  await changed(trip, again);
}

/**
 * Slows a page's line, or breaks it. Returns the hand on it.
 * @param {Trip} trip
 * @param {Page} page
 */
async function slowed(trip, page) {
  const line = await page.context().newCDPSession(page);
  await line.send('Network.enable');
  /** @param {boolean} offline */
  const set = (offline) =>
    line.send('Network.emulateNetworkConditions', { offline, latency: 40, downloadThroughput: trip.facts.rate, uploadThroughput: trip.facts.rate });
  await set(false);
  return set;
}

/**
 * Chooses a file and begins to send it. Returns where the parts begin that were sent.
 * @param {Trip} trip
 * @param {Page} page
 * @param {string} name
 */
async function begun(trip, page, name) {
  /** @type {number[]} */
  const parts = [];
  page.on('request', (r) => {
    const at = new URL(r.url()).searchParams.get('at');
    if (r.method() === 'POST' && at !== null) parts.push(Number(at));
  });
  await page.setInputFiles('#upload [name=file]', join(trip.facts.dir, name));
  await page.click('#upload button');
  return parts;
}

/**
 * Waits until a part of the file is there.
 * @param {Page} page
 */
async function under(page) {
  await page.waitForFunction(() => (document.querySelector('progress')?.value ?? 0) > 0.3, null, patience);
}

/**
 * The line breaks in the middle and comes back.
 * @param {Trip} trip
 * @param {Page} page
 */
async function broken(trip, page) {
  const offline = await slowed(trip, page);
  const parts = await begun(trip, page, 'sound1.wav');
  await under(page);
  await offline(true);
  await page.locator('#upload [role=status]', { hasText: '已上传的部分不会丢失' }).waitFor();
  await offline(false);
  await page.waitForURL(/[?]file=/, patience);
  assert.match(await page.innerText('main'), /已收下：sound1\.wav/);
  assert.equal(parts.filter((at) => at === 0).length, 1, `it began again: ${parts}`);
}

/**
 * The page is closed in the middle; a new one goes on with the same file.
 * @param {Trip} trip
 * @param {Page} page
 */
async function closed(trip, page) {
  await begun(trip, page, 'sound2.wav');
  await under(page);
  const next = await page.context().newPage();
  await page.close();
  await next.goto('/office/uploads');
  await slowed(trip, next);
  const parts = await begun(trip, next, 'sound2.wav');
  await next.waitForURL(/[?]file=/, patience);
  assert.match(await next.innerText('main'), /已收下：sound2\.wav/);
  assert.ok(parts.length > 0 && parts[0] > 0, `it does not go on: ${parts}`);
  return next;
}

/**
 * The rest of a file is that of another: nothing of it stays, and the true one can be sent.
 * @param {Trip} trip
 * @param {Page} page
 */
async function changed(trip, page) {
  const files = await page.locator('#files tbody tr').count();
  await page.route(/\/office\/uploads\/.*at=[1-9]/, (route) => {
    const body = Buffer.from(route.request().postDataBuffer() ?? '');
    body.fill(7);
    return route.continue({ postData: body });
  });
  await begun(trip, page, 'sound3.wav');
  await page.getByText('与上传前计算的摘要不一致').waitFor(patience);
  await page.unrouteAll({ behavior: 'wait' });
  await page.goto('/office/uploads');
  assert.equal(await page.locator('#files tbody tr').count(), files, 'a file that was refused is not there');
  const parts = await begun(trip, page, 'sound3.wav');
  await page.waitForURL(/[?]file=/, patience);
  assert.equal(parts[0], 0, 'nothing of it was kept');
  assert.equal(await page.locator('#files tbody tr').count(), files + 1);
}
