// What a journey is given. A journey is a file journeys/NAME.mjs with
//
//   // R48: comments with clause tags are read by tools/xref as for a test.
//   export default async function (trip) { … }
//
// It drives pages as people do and throws when something is not as it must be.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { screens } from './chromium.mjs';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

// A page may show these answers: they are how a mistake is told. Only a journey that breaks its line is disconnected.
const expectedErrors = /the server responded with a status of (401|403|404|409|422)|net::ERR_INTERNET_DISCONNECTED/;

/** A Trip is one journey under way: its readers, their pages, and what went wrong behind their backs. */
export class Trip {
  /** @type {import('playwright-core').BrowserContext[]} */
  #contexts = [];
  /** @type {string[]} */
  #faults = [];

  /**
   * @param {import('playwright-core').Browser} browser
   * @param {{base: string, out: string, name: string, facts: any}} about
   */
  constructor(browser, { base, out, name, facts }) {
    this.browser = browser;
    this.base = base; // the address of the server under test, without a slash at the end
    this.out = out;
    this.name = name;
    this.facts = facts; // what the test that started the server knows: accounts, ids
    this.assert = assert;
  }

  /**
   * Opens a page for a new reader, who is signed in nowhere. The reader's page
   * may not break a script, the content policy or a link to a file, nor ask any
   * other server for anything.
   * @param {string} [screen] a name in screens
   * @param {import('playwright-core').BrowserContextOptions} [options] such as javaScriptEnabled: false
   */
  async reader(screen = 'desk', options = {}) {
    const context = await this.browser.newContext({
      ...screens[screen],
      baseURL: this.base,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      ...options,
    });
    this.#contexts.push(context);
    context.setDefaultTimeout(10_000);
    context.on('weberror', (e) => this.#faults.push(`script: ${e.error().message}`));
    context.on('console', (m) => {
      if (m.type() === 'error' && !expectedErrors.test(m.text())) this.#faults.push(`console: ${m.text()}`);
    });
    context.on('request', (r) => {
      const url = new URL(r.url());
      if (url.protocol.startsWith('http') && url.origin !== new URL(this.base).origin) {
        this.#faults.push(`asks another server: ${url}`);
      }
    });
    context.on('response', (r) => {
      if (r.status() >= 500) this.#faults.push(`${r.status()} ${r.request().method()} ${r.url()}`);
    });
    return context.newPage();
  }

  /**
   * Takes a picture for people to look at; it is compared with nothing.
   * @param {import('playwright-core').Page} page
   * @param {string} name
   */
  async shot(page, name) {
    mkdirSync(this.out, { recursive: true });
    await page.screenshot({ path: join(this.out, `${this.name}-${name}.png`), fullPage: true });
  }

  /**
   * Fails if the page has a barrier that axe finds (WCAG 2.1 A and AA).
   * @param {import('playwright-core').Page} page
   */
  async accessible(page) {
    // evaluate runs outside the page's content policy; a script element would not.
    const { readFile } = await import('node:fs/promises');
    await page.evaluate(await readFile(axePath, 'utf8'));
    const found = await page.evaluate(async () => {
      const axe = /** @type {any} */ (globalThis).axe;
      const result = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
      return result.violations.map((/** @type {any} */ v) => `${v.id}: ${v.help} (${v.nodes[0].target})`);
    });
    assert.deepEqual(found, [], `barriers on ${page.url()}`);
  }

  /**
   * Fails if the page must be scrolled sideways.
   * @param {import('playwright-core').Page} page
   */
  async fits(page) {
    const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= window, `${page.url()} is ${wide} px wide in a window of ${window} px`);
  }

  /** Closes all pages and fails if something went wrong on one of them unseen. */
  async end() {
    for (const context of this.#contexts) await context.close();
    assert.deepEqual(this.#faults, [], 'faults behind the page');
  }

  /** Takes a picture of every open page, to show where a journey stopped. */
  async wreck() {
    const pages = this.#contexts.flatMap((c) => c.pages());
    for (const [i, page] of pages.entries()) {
      await this.shot(page, `stopped-${i + 1}`).catch((e) => console.log(`  no picture: ${e.message}`));
    }
  }
}
