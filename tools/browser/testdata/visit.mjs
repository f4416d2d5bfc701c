// The journey by which the tests of internal/rig see that faults are found.

/** @param {import('../journey.mjs').Trip} trip */
export default async function (trip) {
  const page = await trip.reader('phone');
  await page.goto(trip.facts.path);
  await trip.fits(page);
  await trip.accessible(page);
}
