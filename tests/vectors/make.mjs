// Signs bodies with the package `standardwebhooks` from npm, and as Cal.com's sender does. See make.py.

import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const { secret, time, bodies } = JSON.parse(readFileSync(0, "utf8"));

const standard = bodies.map((body, number) => {
  const id = `msg_node_${number}`;
  const signature = new Webhook(secret).sign(id, new Date(time * 1000), body);
  return { provider: "standard", source: "standardwebhooks 1.1.1, npm", secret, id, timestamp: time, body, signature };
});

const key = "a secret of Cal.com, ünïcode";
const calcom = bodies.map((body) => ({
  provider: "calcom",
  source: "Node's createHmac, as Cal.com's createWebhookSignature calls it",
  secret: key,
  body,
  signature: createHmac("sha256", key).update(body).digest("hex"),
}));

process.stdout.write(JSON.stringify([...standard, ...calcom]));
