// The console and the browser that the tests use, and a sender of signed webhooks.

import { spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import http from "node:http";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

export const SECRET = `whsec_${randomBytes(24).toString("base64")}`;
const BINARY = process.env.USHER_BIN;

/** Starts `usher console --local` on free ports. Returns where it is, and how it ends. */
export async function startConsole(...options) {
  const child = spawn(BINARY, ["console", "--local", "--no-open", "--port", "0", ...options], {
    env: { PATH: process.env.PATH, USHER_SECRET: `luma=${SECRET}` },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const started = {};
  for await (const line of createInterface({ input: child.stdout })) {
    started.luma ??= /^luma posts to (\S+)/.exec(line)?.[1];
    started.link ??= /^The console is at (\S+)/.exec(line)?.[1];
    if (started.link !== undefined) break;
  }
  child.stdout.resume();
  const link = new URL(started.link);
  return {
    ...started,
    origin: link.origin,
    token: new URLSearchParams(link.hash.slice(1)).get("token"),
    stop: () => child.kill("SIGINT"),
  };
}

/** Asks the console's server as the page does. */
export async function ask(console_, path, options = {}) {
  return fetch(console_.origin + path, { ...options, headers: { authorization: `Bearer ${console_.token}`, ...options.headers } });
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });

/** Posts a signed webhook as Luma would. Resolves to the status. */
export function deliver(console_, body, id = `evt_${randomBytes(8).toString("hex")}`) {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const time = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", SECRET).update(`${time}.`).update(bytes).digest("hex");
  const headers = {
    "content-type": "application/json",
    "content-length": bytes.length,
    "webhook-id": id,
    "webhook-timestamp": time,
    "webhook-signature": `t=${time},v1=${signature}`,
  };
  return new Promise((resolve, reject) => {
    const request = http.request(console_.luma, { method: "POST", headers, agent }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
    });
    request.on("error", reject);
    request.end(bytes);
  });
}

/** Makes the body of a registration. */
export function guest(name, more = {}) {
  const id = randomBytes(6).toString("hex");
  return {
    type: "guest.registered",
    data: {
      id: `gst-${id}`, user_id: `usr-${id}`, user_email: `${id}@example.com`, user_name: name, approval_status: "approved",
      event: { id: "evt-night", name: "Night Market", start_at: "2027-06-12T22:30:00.000Z" }, ...more,
    },
  };
}

/** Starts Debian's Chromium. */
export function startBrowser() {
  // As root, as on CI, Chromium has no sandbox. It opens nothing but the page under test.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM, args });
}

/** Opens the page. Its errors are collected: a test that ends well has none. */
export async function openPage(browser, console_, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", timezoneId: "Europe/Berlin", ...options });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: console_.origin });
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") page.problems.push(message.text()); });
  await page.goto(console_.link);
  await page.locator("body[data-phase=live]").waitFor();
  return page;
}

/** Waits until a check holds, with a generous bound. */
export async function until(check, what) {
  for (const began = Date.now(); Date.now() - began < 20_000;) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error(`in vain: ${what}`);
}
