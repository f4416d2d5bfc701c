// A search that answers while one types keeps the rest of the page's links true,
// on the public's list of plans.

import assert from 'node:assert/strict';

/**
 * @param {import('../journey.mjs').Trip} trip
 */
export default async function (trip) {
  const page = await trip.reader();
  await page.goto('/plans');
  const box = page.locator('[data-search]');

  // Typed twice: the list is exchanged each time.
  await box.fill('餐饮');
  await page.waitForURL((url) => url.searchParams.get('q') === '餐饮');
  await page.locator('#rows', { hasText: '餐饮服务' }).waitFor();
  await box.fill('没有这样的任务');
  await page.locator('#rows .empty').waitFor();
  await box.fill('学校');
  await page.waitForURL((url) => url.searchParams.get('q') === '学校');
  await page.locator('#rows', { hasText: '学校食堂' }).waitFor();

  // The chips, for the keyboard, a new tab or a bookmark, and then by a click.
  const joint = page.locator('.chip-menu a', { hasText: '联合' });
  assert.equal(new URL((await joint.getAttribute('href')) ?? '', trip.base).searchParams.get('q'), '学校', 'a chip knows what was typed');
  await page.click('summary:has-text("种类")');
  await joint.click();
  await page.waitForURL((url) => url.searchParams.get('kind') === 'joint' && url.searchParams.get('q') === '学校');
  assert.equal(await box.inputValue(), '学校');
  await trip.accessible(page);

  // Typing more keeps the chip; taking the chip away keeps the words.
  await box.fill('学');
  await page.waitForURL((url) => url.searchParams.get('kind') === 'joint' && url.searchParams.get('q') === '学');
  await page.click('.chip-clear');
  await page.waitForURL((url) => !url.searchParams.has('kind') && url.searchParams.get('q') === '学');

  // The size of a page keeps both.
  await page.click('.pager-size a:has-text("50")');
  await page.waitForURL((url) => url.searchParams.get('size') === '50' && url.searchParams.get('q') === '学');

  // Back finds the state before, in the list and in the box.
  await page.goBack();
  await page.waitForURL((url) => !url.searchParams.has('size'));
  assert.equal(await box.inputValue(), '学');
}
