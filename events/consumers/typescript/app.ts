/**
 * The Lambda function: takes batches off Usher's queue, and has each event handled once.
 *
 * Powertools reports which messages failed, so that only those come again, and keeps in a table which events were
 * handled. On a FIFO queue it stops at the first failure, so that nothing overtakes the failed event.
 */

import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from "@aws-lambda-powertools/batch";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { handle } from "./handler.ts";
import type { Event } from "./usher-event.ts";

const DATA_SCHEMA = "urn:usher:event:1";

// All copies of an event have one id. A replay, which an operator asked for, is handled once more.
const once = new IdempotencyConfig({
  eventKeyJmesPath: "[id, replay]",
  expiresAfterSeconds: Number(setting("RETENTION_DAYS")) * 86_400,
});
const standard = new BatchProcessor(EventType.SQS);
const fifo = new SqsFifoPartialProcessorAsync();

const handleOnce = makeIdempotent(handle, {
  persistenceStore: new DynamoDBPersistenceLayer({ tableName: setting("SEEN_TABLE") }),
  config: once,
  keyPrefix: "usher",
});

/** Handles a batch of messages. Returns those that failed. */
export async function lambdaHandler(batch: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  // A function that is stopped leaves an event marked as being handled. The mark ends when this invocation has to.
  once.registerLambdaContext(context);
  const isFifo = batch.Records[0]?.eventSourceARN.endsWith(".fifo");
  return processPartialResponse(batch, handleMessage, isFifo ? fifo : standard, { context });
}

async function handleMessage(record: SQSRecord): Promise<void> {
  const event = JSON.parse(record.body) as Event;
  if (event.dataschema !== DATA_SCHEMA) {
    // It ends up in the dead-letter queue, and can be moved back once this code can read it.
    throw new Error(`an event of another version: ${event.dataschema}`);
  }
  await handleOnce(event);
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set: deploy this function with its template.yaml`);
  }
  return value;
}
