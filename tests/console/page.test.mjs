// What a person sees and does on the page.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { ask, deliver, guest, openPage, startBrowser, startConsole, until } from "./usher.mjs";

let browser;
let usher;
let page;

before(async () => { browser = await startBrowser(); });
after(() => browser.close());
beforeEach(async () => {
  usher = await startConsole();
  page = await openPage(browser, usher);
});
afterEach(async () => {
  assert.deepEqual(page.problems, []);
  await page.context().close();
  usher.stop();
});

const rows = () => page.locator("#rows .row");
const openFirst = async () => {
  await rows().first().click();
  await page.locator("#delivery pre").first().waitFor();
};

test("a delivery appears within two seconds of its answer", async () => {
  assert.equal(await deliver(usher, guest("Ada Example")), 200);
  const answered = Date.now();
  await page.getByText("Ada Example").first().waitFor({ timeout: 2000 });
  console.log(`shown ${Date.now() - answered} ms after the answer`);
  assert.match(await rows().first().textContent(), /luma.*usher\.registration\.created.*sent/);
});

test("a replay is planned, agreed to, and puts a message with replay 1 on the queue", async () => {
  await deliver(usher, guest("Ada Example"));
  await openFirst();
  await page.keyboard.press("r");
  await page.getByText("Nothing was changed yet.").waitFor();
  assert.deepEqual((await (await ask(usher, "/api/queue")).json()).map((message) => message.replay), [null]);
  await page.locator("#yes").click();
  const replays = async () => (await (await ask(usher, "/api/queue")).json()).map((message) => message.replay);
  await until(async () => (await replays()).length === 2, "the relay sends the replay");
  assert.deepEqual(await replays(), [1, null]);
  await page.getByText("replay 1; the ledger keeps the time of the last one").waitFor();
});

test("markup in a name or a body stays text", async () => {
  const name = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>";
  await deliver(usher, guest(name, { [name]: name }));
  await openFirst();
  assert.ok((await rows().first().textContent()).includes(name));
  assert.ok((await page.locator("#delivery").textContent()).includes(name));
  assert.equal(await page.locator("main img, main script, main iframe").count(), 0);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
});

test("a field leads to its place in the body, and back", async () => {
  await deliver(usher, guest("Ada Example"));
  await openFirst();
  await page.locator("pre .field[title^='data.person.name: from data.user_name, by']").click();
  const place = page.locator("pre .from.flash");
  assert.equal(await place.textContent(), '"Ada Example"');
  await place.click();
  assert.equal(await page.locator("pre .field.flash").textContent(), '"Ada Example"');
});

test("the body is shown as it was sent, laid out or not", async () => {
  const body = `{ "type" : "guest.registered",\n"data":{"user_name":"Ada \\u00e9","price":1.50,"b":1,"a":[],"c":[ 1 ]}}`;
  await deliver(usher, body);
  await openFirst();
  await page.locator("#laid-out").uncheck();
  const box = page.getByRole("region", { name: "Body as it was sent" });
  assert.equal(await box.evaluate((element) => element.textContent), body);
  await page.locator("#laid-out").check();
  const lines = (await box.evaluate((element) => element.textContent)).split("\n");
  assert.deepEqual(lines.slice(0, 4), ["{", '  "type": "guest.registered",', '  "data": {', '    "user_name": "Ada \\u00e9",']);
  assert.ok(lines.includes('    "price": 1.50,') && lines.includes('    "a": [],'));
});

test("drift is marked at its field", async () => {
  await deliver(usher, guest("Ada Example", { surprise: "new", approval_status: 7 }));
  await openFirst();
  assert.match(await rows().first().textContent(), /drift 2/);
  assert.deepEqual(await page.locator("pre mark.drift").allTextContents(), ['"approval_status"', '"surprise"']);
});

test("keys move, search, open and close", async () => {
  for (const name of ["Ada Example", "Bob Example", "Cleo Example"]) await deliver(usher, guest(name));
  await until(async () => await rows().count() === 3, "three rows");
  await page.keyboard.press("j");
  await page.locator("#delivery .about", { hasText: "Cleo" }).waitFor();
  await page.keyboard.press("j");
  await page.locator("#delivery .about", { hasText: "Bob" }).waitFor();
  await page.keyboard.press("k");
  await page.locator("#delivery .about", { hasText: "Cleo" }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#delivery").isVisible(), false);
  await page.keyboard.press("/");
  await page.keyboard.type("ada");
  await until(async () => await rows().count() === 1, "the text filters");
  assert.match(page.url(), /#text=ada$/);
});

test("a link shows a colleague the same delivery", async () => {
  await deliver(usher, guest("Ada Example"));
  await openFirst();
  await page.getByRole("button", { name: "Copy link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(!link.includes(usher.token), "the token stays here");
  const other = await page.context().newPage();
  await other.goto(link);
  await other.locator("#delivery .about", { hasText: "Ada Example" }).waitFor();
});

test("copied commands hold the body as it is, whatever is in it", async () => {
  for (const name of ["O'Hara; $(touch /tmp/x) `id` \\ \"", "\u001b[201~\nid\u0007", "\u202ereversed"]) {
    // Sent as it is, not as JSON would escape it.
    const body = `{"type":"guest.registered","data":{"user_name":"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"}}`;
    await deliver(usher, body);
    const [first] = await until(async () => (await (await ask(usher, "/api/queue")).json()), "it is queued");
    const { content } = await (await ask(usher, `/api/delivery?${new URLSearchParams({ id: first.id })}`)).json();
    const [print] = content.commands.send.split(" | usher send");
    assert.equal(execFileSync("sh", ["-c", print], { encoding: "utf8" }), body);
    assert.ok(!/[\u0000-\u0009\u000b-\u001f\u202e]/.test(print), "nothing in it commands a terminal");
  }
});

test("a sample is saved with other persons in it", async () => {
  await deliver(usher, guest("Ada Lovelace", { note: "Table for Ada Lovelace", phone_number: "+4915112345678" }));
  await openFirst();
  const download = page.waitForEvent("download");
  await page.locator("#save-sample").click();
  const saved = await readFile(await (await download).path(), "utf8");
  const { data } = JSON.parse(saved);
  assert.deepEqual([data.user_name, data.note, data.event.name], ["Person 1", "Table for Person 1", "Night Market"]);
  assert.ok(!/Lovelace|15112345678/.test(saved), saved);
});

test("an event is forwarded to a program on this machine, and to no other", async () => {
  const got = [];
  const receiver = http.createServer((request, answer) => {
    got.push(request.headers["content-type"]);
    answer.writeHead(202).end();
  }).listen(0, "127.0.0.1");
  await deliver(usher, guest("Ada Example"));
  await openFirst();
  await page.locator("#forward").click();
  await page.locator("#forward-to").fill("http://example.com/hook");
  await page.getByRole("button", { name: "Post it" }).click();
  await page.getByText("is not on this machine").waitFor();
  await page.locator("#forward-to").fill(`http://127.0.0.1:${receiver.address().port}/hook`);
  await page.getByRole("button", { name: "Post it" }).click();
  await page.getByText("Answered 202").waitFor();
  assert.deepEqual(got, ["application/cloudevents+json"]);
  receiver.close();
  page.problems = [];
});

test("a sample is sent with one click", async () => {
  await page.getByText("Send a sample above").waitFor();
  await page.getByRole("button", { name: "Send a sample of lunacal" }).click();
  await page.locator("#rows .c-provider", { hasText: "lunacal" }).waitFor();
});
