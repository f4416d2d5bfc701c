// What people do on pages, for the journeys: sign in, send a form and wait for what the site answers.

/** @typedef {import('./journey.mjs').Trip} Trip */
/** @typedef {import('playwright-core').Page} Page */

/**
 * Signs a person of the demonstration in with one click, on the way to a page.
 * @param {Trip} trip
 * @param {string} name
 * @param {string} path
 * @param {string} [screen] as in Trip.reader
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function as(trip, name, path, screen, options) {
  const page = await trip.reader(screen, options);
  await page.goto(`/sign-in?name=${name}&next=${encodeURIComponent(path)}`);
  if (await page.inputValue('[name=name]') === '') await page.fill('[name=name]', name); // not among those shown
  await page.fill('[name=password]', trip.facts.password);
  await page.click('button:has-text("登录")');
  await page.waitForURL((url) => url.pathname + url.search === path);
  return page;
}

/**
 * Clicks a button, answers what the page asks, and shows the second factor if it
 * must be shown again.
 * @param {Trip} trip
 * @param {Page} page
 * @param {string} button
 */
export async function act(trip, page, button) {
  await sent(page, button);
  const link = page.locator('.failure a:has-text("验证")');
  if (await link.count() === 0) return;
  const [window] = await Promise.all([page.context().waitForEvent('page'), link.first().click()]);
  await window.fill('[name=password]', trip.facts.password);
  await window.click('main button.btn-primary');
  await window.waitForLoadState();
  await window.close();
  await sent(page, button);
}

/**
 * Acts, and fails if the site refuses.
 * @param {Trip} trip
 * @param {Page} page
 * @param {string} button
 */
export async function done(trip, page, button) {
  await act(trip, page, button);
  const failure = page.locator('.failure');
  if (await failure.count() > 0) throw new Error(`${button} on ${page.url()}: ${await failure.first().innerText()}`);
}

/**
 * Clicks a button and waits for the page that answers.
 * @param {Page} page
 * @param {string} button
 */
async function sent(page, button) {
  const answer = Promise.all([page.waitForResponse((r) => r.request().method() === 'POST'), page.waitForEvent('framenavigated')]);
  await Promise.all([answer, page.click(button).then(() => agree(page))]);
  await page.waitForLoadState();
}

/**
 * Waits until the page says something: what was sent may still be on its way.
 * @param {Page} page
 * @param {RegExp} pattern
 */
export async function reads(page, pattern) {
  await page.locator('main').filter({ hasText: pattern }).waitFor();
}

/**
 * Types the number of a grave act and does it.
 * @param {Trip} trip
 * @param {Page} page
 */
export async function typed(trip, page) {
  const box = page.locator('section.grave:has([name=confirm])').first();
  const expect = await box.locator('[name=expect]').inputValue();
  await box.locator('[name=confirm]').fill(expect);
  await act(trip, page, 'section.grave:has([name=confirm]) button.btn-grave');
}

/** @param {Page} page */
async function agree(page) {
  const yes = page.locator('[data-ask-yes]');
  if (await yes.isVisible().catch(() => false)) await yes.click();
  await page.waitForLoadState();
}

/**
 * Waits for something that the platform does, as people do: by looking again.
 * @param {Page} page
 * @param {string} selector
 */
export async function until(page, selector) {
  for (let i = 0; i < 60; i++) {
    if (await page.locator(selector).count() > 0) return;
    await page.waitForTimeout(500);
    await page.reload();
  }
  throw new Error(`${page.url()} never shows ${selector}: ${await page.innerText('main')}`);
}
