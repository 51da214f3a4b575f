// The filters of the list, kept in the address so that a link shows the same list.

import { byId, el } from "./dom.js";

const FIELDS = ["text", "provider", "type", "state", "time"];
const input = (name) => byId(`f-${name}`);

/** Calls `changed` after each change by the person. */
export function watchFilters(changed) {
  byId("filters").addEventListener("input", changed);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("f-reset").addEventListener("click", () => {
    writeFilters({});
    changed();
    input("text").focus();
  });
}

export function readFilters() {
  return Object.fromEntries(FIELDS.map((name) => [name, input(name).value]).filter(([, value]) => value !== ""));
}

export function writeFilters(filters) {
  for (const name of FIELDS) {
    const wanted = filters[name] ?? "";
    const field = input(name);
    // A link may name a provider or type that was not seen yet.
    if (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === wanted)) {
      field.append(el("option", {}, wanted));
    }
    field.value = wanted;
  }
}

/** Offers the values that there are. */
export function offer(name, values) {
  const field = input(name);
  const offered = new Set([...field.options].map((option) => option.value));
  for (const value of [...values].sort()) {
    if (!offered.has(value)) field.append(el("option", {}, value));
  }
}

/** Returns the test that the filters are. */
export function filterOf(filters) {
  const since = filters.time === undefined ? 0 : Date.now() - Number(filters.time) * 1000;
  const words = (filters.text ?? "").toLowerCase().split(/\s+/).filter((word) => word !== "");
  return (row) =>
    (filters.provider === undefined || row.provider === filters.provider) &&
    (filters.type === undefined || row.type === filters.type) &&
    (filters.state === undefined || row.state === filters.state) &&
    row.time >= since &&
    words.every((word) => row.text.includes(word));
}

/** Returns the text of a row that the text filter searches. */
export const searched = (row) =>
  [row.id, row.type, row.subject, row.who, row.provider].filter((text) => text).join("\n").toLowerCase();
