// Who may see the page's data, and what a discreet console shows.

import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { ask, deliver, guest, openPage, startBrowser, startConsole } from "./usher.mjs";

let browser;
let usher;

before(async () => {
  browser = await startBrowser();
  usher = await startConsole("--discreet");
  await deliver(usher, guest("Ada Example"));
});
after(async () => {
  await browser.close();
  usher.stop();
});

/** Asks with any headers. Resolves to the status: fetch would not let a Host pass. */
const status = (path, headers, method = "GET") => new Promise((resolve, reject) => {
  const request = http.request(usher.origin + path, { method, headers }, (answer) => {
    answer.destroy();
    resolve(answer.statusCode);
  });
  request.on("error", reject);
  request.end();
});

test("a wrong token, Host or Origin gets 403", async () => {
  const { host } = new URL(usher.origin);
  const authorization = `Bearer ${usher.token}`;
  assert.equal(await status("/api/stream", { authorization }), 200);
  assert.equal(await status("/api/stream", {}), 403);
  assert.equal(await status("/api/stream", { authorization: `Bearer ${"0".repeat(64)}` }), 403);
  assert.equal(await status("/api/stream", { authorization, host: "rebound.example" }), 403);
  assert.equal(await status("/", { host: "rebound.example" }), 403, "the page, too");
  assert.equal(await status("/api/stream", { authorization, origin: "http://evil.example" }), 403);
  assert.equal(await status("/api/stream", { authorization, origin: "null" }), 403);
  assert.equal(await status("/api/stream", { authorization, "sec-fetch-site": "cross-site" }), 403);
  assert.equal(await status("/api/look", { authorization }, "POST"), 403, "a change says where it comes from");
  assert.equal(await status("/api/look", { authorization, origin: `http://${host}` }, "POST"), 202);
});

test("another page of the same browser gets nothing", async () => {
  const stranger = http.createServer((_, answer) => answer.end("<!doctype html><title>stranger</title>")).listen(0, "127.0.0.1");
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${stranger.address().port}/`);
  const stolen = await page.evaluate((origin) => fetch(`${origin}/app.js`).then((answer) => answer.text(), (error) => error.name), usher.origin);
  assert.equal(stolen, "TypeError");
  await page.setContent(`<iframe src="${usher.origin}/"></iframe>`);
  await assert.rejects(page.frameLocator("iframe").locator("h1").waitFor({ timeout: 1500 }), "it cannot be framed");
  stranger.close();
});

test("a page with the token of another start says what to do", async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${usher.origin}/#token=old`);
  await page.getByText("open the link that the terminal shows").waitFor();
});

test("a discreet console shows no person until it is asked", async () => {
  const page = await openPage(browser, usher);
  await page.locator("#rows .row").click();
  await page.locator("#reveal").waitFor();
  assert.ok(!(await page.content()).includes("Ada"));
  const streamed = await ask(usher, "/api/stream");
  const { value } = await streamed.body.getReader().read();
  assert.ok(!new TextDecoder().decode(value).includes("Ada"), "nor does it send one");
  await page.locator("#reveal").click();
  await page.locator("#delivery .about", { hasText: "Ada Example" }).waitFor();
  assert.deepEqual(page.problems, []);
});

test("the secret is nowhere on the page", async () => {
  const page = await openPage(browser, usher);
  const answers = await Promise.all(["/", "/app.js", "/api/queue"].map(async (path) => (await ask(usher, path)).text()));
  const { SECRET } = await import("./usher.mjs");
  assert.ok([...answers, await page.content()].every((text) => !text.includes(SECRET)));
});
