// What Usher posts is read by a CloudEvents SDK. `usher listen`, `usher replay --to` and the page post with the same code.

import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { HTTP } from "cloudevents";
import { ask, deliver, guest, startConsole, until } from "./usher.mjs";

let usher;
let receiver;
let got;

before(async () => {
  usher = await startConsole();
  receiver = http.createServer(async (request, answer) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    got = { headers: request.headers, body: Buffer.concat(chunks).toString() };
    answer.end();
  }).listen(0, "127.0.0.1");
});
after(() => {
  usher.stop();
  receiver.close();
});

/** Has an event posted in a form, and returns what the SDK reads. */
async function received(id, form) {
  const posted = await ask(usher, "/api/forward", {
    method: "POST",
    headers: { "content-type": "application/json", origin: usher.origin },
    body: JSON.stringify({ id, form, to: `http://127.0.0.1:${receiver.address().port}/hook` }),
  });
  assert.deepEqual([posted.status, (await posted.json()).taken], [200, true]);
  return HTTP.toEvent(got);
}

for (const form of ["structured", "binary"]) {
  test(`the ${form} form is read as the event that it is`, async () => {
    await deliver(usher, guest("Zoë 100% \"quoted\""));
    const [{ id }] = await until(async () => (await (await ask(usher, "/api/queue")).json()), "it is queued");
    const event = await received(id, form);
    assert.equal(event.validate(), true);
    assert.deepEqual([event.id, event.type, event.source], [id, "usher.registration.created", "/luma"]);
    assert.deepEqual([event.provider, event.providertype, event.deduplication], ["luma", "guest.registered", "checked"]);
    assert.equal(event.data.person.name, "Zoë 100% \"quoted\"");
    assert.equal(event.data.raw.data.user_name, "Zoë 100% \"quoted\"");
    assert.equal(got.headers["content-type"].startsWith(form === "binary" ? "application/json" : "application/cloudevents+json"), true);
  });
}
