// Starts Debian's Chromium the one way that works headless, as root, in a
// container and without a network: for tests and pictures, never for people.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The path of the browser. Its absence is a failure, never a reason to skip.
 * @returns {string}
 */
function find() {
  for (const dir of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(dir, 'chromium');
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not in this directory
    }
  }
  throw new Error('Chromium not found: install it (Debian: apt-get install chromium)');
}

/**
 * Starts a browser with a fresh profile, which goes when the browser closes.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export function launch() {
  return chromium.launch({ executablePath: find(), args: flags });
}

/**
 * The two sizes every page is looked at in, by name.
 * @type {Record<string, import('playwright-core').BrowserContextOptions>}
 */
export const screens = {
  desk: { viewport: { width: 1366, height: 768 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
};
