// Takes pictures of the papers of the demonstration's visit, for docs/manual/documents.md:
//
//   node gallery.mjs URL FOLDER
//
// URL is a demonstration that runs, such as http://localhost:8370. The pages are made of
// the PDF files that the demonstration prints, by pdftoppm (Debian: poppler-utils).

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, screens } from './chromium.mjs';

const [base, out] = process.argv.slice(2);
if (!base || !out) {
  console.error('usage: node gallery.mjs URL FOLDER');
  process.exit(2);
}

// The papers by the words that the page of the visit has for them.
/** @type {[string, RegExp][]} */
const papers = [
  ['notice', /^部门联合检查告知书/],
  ['onsite', /^现场笔录/],
  ['order', /^责令改正通知书/],
  ['sheet', /^检查表：燃气/],
  ['summary', /汇总表/],
  ['result', /^检查结果告知书/],
];

const browser = await launch();
const folder = mkdtempSync(join(tmpdir(), 'suicha-gallery-'));
try {
  const page = await (await browser.newContext({ ...screens.desk, locale: 'zh-CN' })).newPage();
  await page.goto(base + '/demo');
  await page.locator('.tour li', { hasText: '拒绝签字' }).locator('a').click();
  await page.locator('main form button[type=submit], main form button.btn-primary').first().click();
  await page.locator('h2', { hasText: '文书' }).waitFor();
  /** @type {Record<string, string>} */
  const files = {};
  for (const row of await page.locator('section:has(h2:text-is("文书")) li').all()) {
    const text = await row.innerText();
    const found = papers.find(([, words]) => words.test(text));
    if (found) {
      files[found[0]] = (await row.locator('a', { hasText: 'PDF' }).getAttribute('href')) ?? '';
    }
  }
  await page.goto(base + (await page.locator('nav.crumb a').first().getAttribute('href')));
  files.approval = (await page.locator('main a[href^="/office/tasks/"]').first().getAttribute('href')) + '/approval.pdf';
  mkdirSync(out, { recursive: true });
  for (const old of readdirSync(out).filter((name) => name.endsWith('.png'))) {
    rmSync(join(out, old));
  }
  for (const name of ['approval', ...papers.map(([name]) => name)]) {
    const answer = await page.request.get(base + files[name]);
    if (!answer.ok()) {
      throw new Error(`${name}: ${answer.status()} of ${files[name]}`);
    }
    const file = join(folder, name + '.pdf');
    writeFileSync(file, await answer.body());
    execFileSync('pdftoppm', ['-png', '-gray', '-r', '70', file, join(out, name)]);
  }
  console.log(readdirSync(out).join('\n'));
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
