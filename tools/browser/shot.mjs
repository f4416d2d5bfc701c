// Takes a picture of a page:
//
//   node shot.mjs URL OUT.png [desk|phone|WIDTHxHEIGHT] [full]
//
// `full` takes the whole page, not only what the first screen shows.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { launch, screens } from './chromium.mjs';

const [url, out, size = 'desk', full] = process.argv.slice(2);
const measured = /^(\d+)x(\d+)$/.exec(size);
const screen = measured ? { viewport: { width: Number(measured[1]), height: Number(measured[2]) } } : screens[size];
if (!url || !out || !screen || (full && full !== 'full')) {
  console.error('usage: node shot.mjs URL OUT.png [desk|phone|WIDTHxHEIGHT] [full]');
  process.exit(2);
}
mkdirSync(dirname(out), { recursive: true });
const browser = await launch();
try {
  const context = await browser.newContext({ ...screen, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'load' });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: out, fullPage: full === 'full' });
} finally {
  await browser.close();
}
