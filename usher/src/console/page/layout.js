// A text with marked parts, and JSON laid out for reading. The text itself is never printed anew: lines are broken and
// indented between its tokens, and its blanks are hidden, so that every number and escape stays as it was sent.

import { el } from "./dom.js";

/**
 * Makes a text of pieces. `marks` are `{start, end, make}`, of which `make` returns the element around a piece. They may
 * not overlap. `breaks` maps places to the white space that is shown there; `skips` are the blanks that are not shown.
 */
export function pieces(text, marks, { breaks = new Map(), skips = [] } = {}) {
  const sorted = [...marks].sort((one, other) => one.start - other.start);
  const cuts = new Set([0, text.length, ...breaks.keys()]);
  for (const { start, end } of [...sorted, ...skips]) cuts.add(start).add(end);
  const places = [...cuts].sort((one, other) => one - other);
  const nodes = [];
  let mark = 0;
  let skip = 0;
  places.forEach((start, index) => {
    if (breaks.has(start)) nodes.push(breaks.get(start));
    const end = places[index + 1];
    if (end === undefined) return;
    while (skip < skips.length && skips[skip].end <= start) skip += 1;
    if (skip < skips.length && skips[skip].start <= start) return;
    while (mark < sorted.length && sorted[mark].end <= start) mark += 1;
    const piece = text.slice(start, end);
    const around = mark < sorted.length && sorted[mark].start <= start ? sorted[mark].make() : null;
    if (around !== null) around.append(piece);
    nodes.push(around ?? piece);
  });
  return nodes;
}

/** Finds where the lines of a JSON text are to be broken. */
export function layOut(json) {
  const breaks = new Map();
  const skips = [];
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  for (let at = 0; at < json.length; at += 1) {
    const letter = json[at];
    if (letter === '"') {
      at = endOfString(json, at);
    } else if (letter === "{" || letter === "[") {
      const next = skipBlanks(json, at + 1);
      if (json[next] === "}" || json[next] === "]") continue;
      depth += 1;
      breaks.set(at + 1, line());
    } else if (letter === "}" || letter === "]") {
      const before = json.slice(0, at).trimEnd().at(-1);
      if (before === "{" || before === "[") continue;
      depth -= 1;
      breaks.set(at, line());
    } else if (letter === ",") {
      breaks.set(at + 1, line());
    } else if (letter === ":") {
      breaks.set(at + 1, " ");
    } else if (/\s/.test(letter)) {
      const end = skipBlanks(json, at);
      skips.push({ start: at, end });
      at = end - 1;
    }
  }
  return { breaks, skips };
}

function endOfString(json, start) {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === "\\") at += 1;
    else if (json[at] === '"') return at;
  }
  return json.length;
}

function skipBlanks(json, start) {
  let at = start;
  while (at < json.length && /\s/.test(json[at])) at += 1;
  return at;
}

/** Makes the box that a text stands in. A screen reader is told its name, and the keyboard can scroll it. */
export function textBox(name, nodes) {
  return el("pre", { tabindex: 0, role: "region", "aria-label": name }, nodes);
}
