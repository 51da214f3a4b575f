/**
 * The handling of one event: the only file to change.
 *
 * Whatever this throws sends the event back to the queue. It comes again after the visibility timeout, and goes to the
 * dead-letter queue after five times. An event may come again after it was handled in part, so repeating that part must
 * do no harm.
 */

import type { Event } from "./usher-event.ts";

/** Handles one event. No copy of it is handled at the same time, or later. */
export async function handle(event: Event): Promise<void> {
  switch (event.type) {
    case "usher.registration.created":
      console.log(registration(event));
      break;
    case "usher.unrecognized":
      // Genuine, but of a type or form that Usher does not know: its bytes are in `raw` or `raw_base64`.
      console.log(`unrecognized, from ${event.provider}: kept for somebody to look at`);
      break;
    default:
      // Left alone. Types may be added at any time.
      console.log(`${event.type}: of no interest here`);
  }
}

/** Returns a sentence about a registration. */
function registration({ data }: Event): string {
  const who = data.person?.name ?? "somebody";
  const what = data.event?.title ?? "something";
  const status = data.registration?.status;
  let how = "";
  if (status === "pending_approval") {
    how = " and waits for approval";
  } else if (typeof status === "object") {
    // A word that Usher does not know, as the provider spelt it.
    how = ` (${status.other})`;
  }
  return `${who} registered for ${what}${how}`;
}
