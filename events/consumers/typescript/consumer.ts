/**
 * Takes one event off the queue, handles it, and only then deletes it.
 *
 * The environment says which queue (QUEUE_URL), which file remembers the events handled so far (HANDLED), and, as for
 * every AWS tool, who and where (AWS_ACCESS_KEY_ID, AWS_REGION, …).
 */

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Event } from "./usher-event.ts";

const DATA_SCHEMA = "urn:usher:event:1";

/** Which events were handled. A file here; for more than one consumer, a table of yours with a unique key. */
class Handled {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  has(event: Event): boolean {
    return existsSync(this.#file) && readFileSync(this.#file, "utf8").split("\n").includes(key(event));
  }

  /** Afterwards, not before: an event whose handling fails comes again. */
  add(event: Event): void {
    appendFileSync(this.#file, `${key(event)}\n`);
  }
}

/** All copies of an event have one id. A replay, which somebody asked for, is to be handled once more. */
function key(event: Event): string {
  return JSON.stringify([event.id, event.replay]);
}

function handle(event: Event): void {
  switch (event.type) {
    case "usher.registration.created":
      console.log(registration(event));
      break;
    case "usher.unrecognized":
      // Genuine, but of a type or form that Usher doesn't know: its bytes are in `raw` or `raw_base64`.
      console.log(`unrecognized, from ${event.provider}: kept for somebody to look at`);
      break;
    default:
      console.log(`${event.type}: of no interest here`);
  }
}

function registration({ data }: Event): string {
  const who = data.person?.name ?? "somebody";
  const what = data.event?.title ?? "something";
  const status = data.registration?.status;
  let how = "";
  if (status === "pending_approval") {
    how = " and waits for approval";
  } else if (typeof status === "object") {
    // A word that Usher doesn't know, as the provider spelt it.
    how = ` (${status.other})`;
  }
  return `${who} registered for ${what}${how}`;
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

async function main(): Promise<void> {
  const QueueUrl = setting("QUEUE_URL");
  const handled = new Handled(setting("HANDLED"));
  const sqs = new SQSClient({});

  const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
  if (message?.Body === undefined) {
    console.log("the queue is empty");
    return;
  }
  const event = JSON.parse(message.Body) as Event;
  if (event.dataschema !== DATA_SCHEMA) {
    // Undeleted, it comes again, and ends up in the dead-letter queue if nobody learns to read it.
    throw new Error("an event of another version");
  }
  if (handled.has(event)) {
    console.log(`a second copy of ${event.id}: dropped`);
  } else {
    handle(event);
    handled.add(event);
  }
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
}

await main();
