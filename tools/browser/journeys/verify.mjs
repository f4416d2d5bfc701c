// R55, 海政办发〔2020〕2号 二(五): anybody checks a draw, in a page that is one file and asks no server.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { page as build } from '../../../verify/build.mjs';
import { example, zip } from '../../../verify/rig.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * @param {import('../journey.mjs').Trip} trip
 */
export default async function (trip) {
  const dir = mkdtempSync(join(tmpdir(), 'verify-'));
  const address = pathToFileURL(join(dir, 'verify.html')).href;
  writeFileSync(join(dir, 'verify.html'), build());
  const files = example('sm3-sm2');
  writeFileSync(join(dir, 'good.zip'), zip(files, ''));
  writeFileSync(join(dir, 'proof.json'), files.get('proof.json') ?? '');
  const changed = new Map(files).set('result.tsv', (files.get('result.tsv') ?? new Uint8Array(0)).slice());
  /** @type {Uint8Array} */ (changed.get('result.tsv'))[40] ^= 1;
  writeFileSync(join(dir, 'changed.zip'), zip(changed, ''));

  for (const screen of ['desk', 'phone']) {
    const page = await trip.reader(screen);
    await page.goto(address);
    await trip.accessible(page);
    await trip.fits(page);
    await give(page, join(dir, 'good.zip'));
    assert.match(await page.innerText('#answer'), /查验通过[\s\S]*监督查验（L3）[\s\S]*全部名次重算/);
    await trip.accessible(page);
    await trip.fits(page);
    await trip.shot(page, `${screen}-bundle`);

    await give(page, join(dir, 'changed.zip'));
    assert.match(await page.innerText('#verdict'), /查验不通过[\s\S]*result\.tsv: /);
    await trip.accessible(page);
    await trip.shot(page, `${screen}-changed`);

    await give(page, join(dir, 'proof.json'));
    assert.match(await page.innerText('#answer'), /企业查验（L1）/);
    await trip.accessible(page);
    await alone(trip, page);
    await rehearsed(trip, page);
    await trip.accessible(page);
    await trip.fits(page);
    await trip.shot(page, `${screen}-all`);
  }
  await withoutScript(trip, address);
  if (trip.facts.county) await county(trip);
}

/**
 * A county's bundles on the page that lies in them, dropped as people do, with
 * the times it took. The test that started this made them.
 * @param {import('../journey.mjs').Trip} trip
 */
async function county(trip) {
  const { county: dir } = trip.facts;
  for (const [what, file, limit, want] of /** @type {[string, string, number, RegExp][]} */ ([
    ['the public bundle of a county', 'public.zip', 2000, /查验通过[\s\S]*公众查验（L2）/],
    ['the supervised bundle of a county, with teams', 'supervised.zip', 0, /查验通过[\s\S]*监督查验（L3）[\s\S]*检查人员匹配重算/],
    ['an altered public bundle', 'altered.zip', 0, /查验不通过[\s\S]*result\.tsv: /],
    ['an altered demand, with right lists of digests', 'demand.zip', 0, /查验不通过[\s\S]*demands\.tsv:2: /],
    ['an own proof', 'proof.json', 100, /企业查验（L1）/],
  ])) {
    const page = await trip.reader();
    page.setDefaultTimeout(60_000);
    await page.goto(pathToFileURL(join(dir, 'verify.html')).href);
    await drop(page, join(dir, file));
    await page.waitForSelector('#verdict:not(.busy)');
    assert.match(await page.innerText('#answer'), want, what);
    const took = Number(await page.getAttribute('#answer', 'data-took'));
    assert.ok(took > 0, 'the page says how long it took');
    console.log(`note: ${what}: ${Math.round(took)} ms${limit ? ` (to be at most ${limit} ms on an idle machine)` : ''}`);
    await page.close();
  }
}

/**
 * Drops a file on the page.
 * @param {Page} page
 * @param {string} file
 */
async function drop(page, file) {
  const bytes = readFileSync(file).toString('base64');
  const data = await page.evaluateHandle(([text, name]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    return transfer;
  }, [bytes, file.split('/').at(-1) ?? '']);
  await page.dispatchEvent('#drop', 'drop', { dataTransfer: data });
}

/**
 * @param {Page} page
 * @param {string} file
 */
async function give(page, file) {
  await page.setInputFiles('#file', file);
  await page.waitForSelector('#verdict:not(.busy)');
}

/**
 * A ticket by hand, filled in from the proof.
 * @param {import('../journey.mjs').Trip} trip
 * @param {Page} page
 */
async function alone(trip, page) {
  await page.click('#extra button >> nth=0');
  const ticket = await page.innerText('#self-ticket');
  assert.match(await page.innerText('#self-line'), /^[0-9a-f]{32}:91370600/);
  assert.match(ticket, /^[0-9a-f]{64}$/);
  await page.check('#self-sha256');
  assert.notEqual(await page.innerText('#self-ticket'), ticket, 'another hash, another ticket');
  await page.fill('#self-key', 'nonsense');
  assert.match(await page.innerText('#self-hint'), /钥匙是 32 位/);
  assert.equal(await page.isVisible('#self-ticket'), false);
  // The example of the document, §10.
  await page.fill('#self-key', 'b3802c932b96a551bf94339027198f70');
  await page.fill('#self-id', '9137 0600 0000 0000 3W');
  await page.check('#self-sm3');
  assert.equal(await page.innerText('#self-decimal'), '0.92256038');
}

/**
 * @param {import('../journey.mjs').Trip} trip
 * @param {Page} page
 */
async function rehearsed(trip, page) {
  await page.focus('#rehearse-word');
  await page.keyboard.press('Enter');
  const first = await page.innerText('#rehearse-rows');
  assert.equal(first.trim().split('\n').length, 9);
  await page.fill('#rehearse-word', '阳光抽查');
  await page.keyboard.press('Enter');
  assert.notEqual(await page.innerText('#rehearse-rows'), first, 'another word, another draw');
  assert.match(await page.innerText('#rehearse-key'), /^DUMMY[0-9a-f]{27}$/);
  await page.fill('#rehearse-count', '0');
  await page.keyboard.press('Enter');
  assert.match(await page.innerText('#rehearse-hint'), /抽取数/);
  await page.fill('#rehearse-count', '9');
  await page.keyboard.press('Enter');
}

/**
 * @param {import('../journey.mjs').Trip} trip
 * @param {string} address
 */
async function withoutScript(trip, address) {
  const page = await trip.reader('phone', { javaScriptEnabled: false });
  await page.goto(address);
  assert.match(await page.innerText('noscript'), /请允许本页运行脚本/);
}
