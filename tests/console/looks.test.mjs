// How the page looks and how quick it is: for a screen reader, on a narrow screen, in the dark, with ten thousand rows.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { ask, deliver, guest, openPage, startBrowser, startConsole, until } from "./usher.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PICTURES = process.env.PICTURES;
const ROWS = 10_000;

let browser;
let usher;

before(async () => {
  browser = await startBrowser();
  usher = await startConsole();
  await mkdir(PICTURES, { recursive: true });
  for (const sample of ["luma/event.created", "luma/guest.updated", "luma/ticket.registered", "lunacal/BOOKING_CREATED",
    "lunacal/BOOKING_CANCELLED", "allfly/event_attendee.joined_event", "luma/guest.registered"]) {
    const sent = await ask(usher, "/api/sample", {
      method: "POST",
      headers: { "content-type": "application/json", origin: usher.origin },
      body: JSON.stringify({ sample }),
    });
    assert.equal((await sent.json()).status, 200, sample);
  }
});
after(async () => {
  await browser.close();
  usher.stop();
});

/** Fails for what axe calls serious or critical. */
async function assertAccessible(page, what) {
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const bad = found.violations.filter((one) => ["serious", "critical"].includes(one.impact));
  assert.deepEqual(bad.map((one) => [what, one.id, one.nodes.map((node) => node.html.slice(0, 200)).slice(0, 3)]), []);
}

for (const [name, options] of [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["narrow", { colorScheme: "light", viewport: { width: 390, height: 800 } }],
]) {
  test(`axe finds nothing serious: ${name}`, async () => {
    const page = await openPage(browser, usher, options);
    await page.locator("#rows .row").nth(6).waitFor();
    // Playwright hands the script to the browser: the page's own policy would not let it in.
    await page.context().addInitScript({ path: AXE });
    await page.reload();
    await page.locator("#rows .row").nth(6).waitFor();
    await assertAccessible(page, "the list");
    await page.screenshot({ path: `${PICTURES}/console-list-${name}.png` });
    await page.locator("#rows .row", { hasText: "usher.registration.created" }).first().click();
    await page.locator("#delivery pre").first().waitFor();
    await assertAccessible(page, "a delivery");
    await page.screenshot({ path: `${PICTURES}/console-delivery-${name}.png` });
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wider, 0, "nothing sticks out to the side");
    await page.locator("#replay").click();
    await page.locator("#yes").waitFor();
    await assertAccessible(page, "the question");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
}

test("ten thousand rows scroll and are filtered smoothly", async () => {
  for (let sent = 0; sent < ROWS; sent += 100) {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => deliver(usher, guest(`Guest no${sent + index}x`))));
    assert.ok(answers.every((status) => status === 200));
  }
  const page = await openPage(browser, usher);
  await until(async () => Number(await page.locator("#list [aria-setsize]").first().getAttribute("aria-setsize")) >= ROWS, "all are there");
  // As a person would with the wheel: a step each frame. The time between frames tells whether the page keeps up.
  const frames = await page.evaluate(async () => {
    const list = document.getElementById("list");
    const times = [];
    let last = performance.now();
    for (let step = 0; step < 120; step += 1) {
      list.scrollTop += list.scrollHeight / 120;
      await new Promise(requestAnimationFrame);
      times.push(performance.now() - last);
      last = performance.now();
    }
    return times.sort((one, other) => one - other);
  });
  console.log(`scrolling ${ROWS} rows: median frame ${frames[60].toFixed(1)} ms, longest ${frames.at(-1).toFixed(1)} ms`);
  // A frame is 17 ms; the budget is generous, for the machine is shared.
  assert.ok(frames[60] < 100, `a frame took ${frames[60]} ms`);
  assert.ok(await page.locator("#rows .row").count() < 120, "only what is in view is there");
  assert.ok(await page.locator("#list").evaluate((list) => list.scrollTop > 0));
  const began = Date.now();
  await page.locator("#f-text").fill("guest no4711x");
  await until(async () => await page.locator("#rows .row").count() === 1, "the filter finds one");
  console.log(`filtered in ${Date.now() - began} ms`);
  await page.locator("#rows .row").click();
  await page.locator("#delivery .about", { hasText: "Guest no4711x" }).waitFor();
  assert.deepEqual(page.problems, []);
});
