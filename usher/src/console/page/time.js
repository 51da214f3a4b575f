// Times in the person's own zone, with the exact one on hover.

import { el } from "./dom.js";

const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

/** Prints a time without its day where it is today. */
export function short(iso) {
  const time = new Date(iso);
  const today = new Date().toDateString() === time.toDateString();
  return today ? clock.format(time) : `${day.format(time)} ${clock.format(time)}`;
}

/** Makes an element of a time. */
export function timeElement(iso) {
  return el("time", { datetime: iso, title: `${full.format(new Date(iso))} · ${iso}` }, short(iso));
}

/** Prints how long ago a time was, in its largest unit. */
export function ago(iso) {
  const seconds = Math.max(0, (Date.now() - Date.parse(iso)) / 1000);
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}
