// The page: it follows the stream, keeps the rows, and leads keys and links to the parts.

import { replay } from "./actions.js";
import { act, ask, follow, takeToken } from "./api.js";
import { showDelivery, showNoDelivery } from "./delivery.js";
import { byId, el, openDialog, say } from "./dom.js";
import { filterOf, offer, readFilters, searched, watchFilters, writeFilters } from "./filters.js";
import { List } from "./list.js";
import { drawNow } from "./now.js";

takeToken();

const rows = new Map();
let session = { samples: [], providers: [], allows_changes: false };
let figures = {};
let look = { phase: "starting" };
let opened = null;
let openedAs = null;
let drawing = false;

const list = new List((id) => open(id));

/** Draws soon: messages come in bursts. */
function draw() {
  if (drawing) return;
  drawing = true;
  setTimeout(() => {
    drawing = false;
    const sorted = [...rows.values()].sort((one, other) => other.time - one.time || (one.id < other.id ? 1 : -1));
    const filters = readFilters();
    const shown = sorted.filter(filterOf(filters));
    list.show(shown);
    byId("f-reset").hidden = Object.keys(filters).length === 0;
    byId("count").textContent = shown.length === sorted.length ? `${sorted.length}` : `${shown.length} of ${sorted.length}`;
    showEmpty(sorted.length, shown.length);
    offer("provider", new Set(sorted.map((row) => row.provider)));
    offer("type", new Set(sorted.map((row) => row.type).filter((type) => type !== null)));
    if (!byId("now").hidden) drawNow(sorted, figures, session, only);
  }, 60);
}

function showEmpty(known, shown) {
  const place = byId("empty");
  place.hidden = shown > 0;
  if (known > 0) place.replaceChildren("No delivery matches the filters. Clear them, or change one.");
  else if (look.phase === "asking") place.replaceChildren("Nothing was read yet: the button above reads the ledger, at the price that it names.");
  else if (look.phase === "live" && session.samples.length > 0) place.replaceChildren("No deliveries yet. Send a sample above, or have a provider post to the stack.");
  else if (look.phase === "live") place.replaceChildren("No deliveries yet. Send one: ", el("code", {}, "usher send luma/guest.registered"));
  else place.replaceChildren("Reading…");
}

function only(filters) {
  writeFilters(filters);
  filtersChanged();
  byId("list").scrollIntoView({ block: "nearest" });
}

function showLook() {
  const { phase, estimate, used } = look;
  const price = estimate ? `about ${estimate.read_units.toLocaleString()} read units ($${estimate.dollars.toFixed(4)} in us-east-1)` : "an unknown number of read units";
  const bound = `at most ${look.max_read_units?.toLocaleString()}`;
  const cost = session.local ? "" : ` · ${Math.ceil(used ?? 0).toLocaleString()} read units used`;
  const texts = {
    starting: "Connecting…",
    asking: `A look reads the whole table: ${price}, ${bound}.`,
    reading: `Reading the ledger…${cost}`,
    live: `Live${look.every > 1 ? `, every ${look.every} s` : ""}${cost}`,
    partial: `Stopped at the bound: this is a part of the ledger, in no order${cost}.`,
    failed: `The last look failed: ${look.problem}.`,
  };
  byId("look").textContent = texts[phase];
  const button = byId("look-button");
  button.hidden = !["asking", "partial", "failed"].includes(phase);
  button.textContent = { asking: "Read the ledger", partial: "Read on", failed: "Try again" }[phase] ?? "";
  document.body.dataset.phase = phase;
}

/** Opens a delivery beside the list. */
async function open(id, reveal = false) {
  opened = id;
  remember();
  try {
    const detail = await ask("/api/delivery", reveal ? { id, reveal } : { id });
    if (opened !== id) return;
    openedAs = { changed: JSON.stringify(detail.row), reveal };
    showDelivery(detail, session, { reveal: () => open(id, true), close, reload: () => open(id, reveal) });
  } catch (error) {
    if (opened === id) showNoDelivery(error.message, close);
  }
  document.body.classList.add("with-delivery");
  byId("delivery").scrollTop = 0;
}

function close() {
  opened = null;
  byId("delivery").hidden = true;
  document.body.classList.remove("with-delivery");
  list.select(null);
  remember();
  list.focus();
}

/** Keeps what is shown in the address, so that it can be shared and gone back to. */
function remember() {
  const hash = new URLSearchParams({ ...(opened === null ? {} : { id: opened }), ...readFilters() }).toString();
  if (location.hash.slice(1) !== hash) history.pushState(null, "", hash === "" ? location.pathname : `#${hash}`);
}

function recall() {
  takeToken();
  const { id, ...filters } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  writeFilters(filters);
  draw();
  if (id !== undefined && id !== opened) {
    list.select(id);
    open(id);
  } else if (id === undefined && opened !== null) close();
}

function filtersChanged() {
  remember();
  draw();
}

const received = {
  session: (content) => {
    session = content;
    byId("stack").textContent = `· ${session.stack}`;
    byId("samples").replaceChildren();
  },
  all: () => rows.clear(),
  rows: (content) => {
    for (const row of content) {
      row.time = Date.parse(row.received);
      row.text = searched(row);
      rows.set(row.id, row);
      // What is open is read again when it changes, unless the person is about to choose something in it.
      if (row.id === opened && openedAs !== null && !byId("dialog").open && changedSince(row)) open(row.id, openedAs.reveal);
    }
  },
  figures: (content) => { figures = content; },
  look: (content) => {
    look = content;
    showLook();
  },
};

function changedSince(row) {
  const before = JSON.parse(openedAs.changed);
  return ["state", "replays", "attempts", "changed"].some((name) => before[name] !== row[name]);
}

const KEYS = {
  j: ["next delivery", () => list.move(1)],
  k: ["delivery before", () => list.move(-1)],
  "/": ["search", () => byId("f-text").focus()],
  r: ["replay the open delivery", () => { if (opened !== null && session.allows_changes) replay(opened, () => open(opened)); else say("Open a delivery first, in a console started with --allow-changes."); }],
  o: ["overview", () => byId("now-button").click()],
  "?": ["these keys", () => showKeys()],
  Escape: ["close, leave a field", () => { if (opened !== null) close(); }],
};

function showKeys() {
  openDialog("Keys", el("dl", { class: "keys" }, Object.entries(KEYS).map(([key, [what]]) => [el("dt", {}, el("kbd", {}, key === "Escape" ? "Esc" : key)), el("dd", {}, what)])),
    el("p", { class: "buttons" }, el("button", { type: "button", onclick: () => byId("dialog").close() }, "Close")));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("dialog").open) return;
  const isField = event.target.matches("input, select, textarea");
  if (isField) {
    if (event.key === "Escape") list.focus();
    return;
  }
  const found = KEYS[event.key];
  if (found === undefined) return;
  event.preventDefault();
  found[1]();
});

byId("now-button").addEventListener("click", () => {
  byId("now").hidden = !byId("now").hidden;
  byId("now-button").setAttribute("aria-expanded", String(!byId("now").hidden));
  draw();
});
byId("keys-button").addEventListener("click", showKeys);
byId("look-button").addEventListener("click", () => act("/api/look").catch((error) => say(error.message)));
watchFilters(filtersChanged);
window.addEventListener("popstate", recall);
window.addEventListener("hashchange", recall);
setInterval(draw, 30_000);
// On a narrow screen the overview would fill the first screen, and the list is what one comes for.
if (matchMedia("(max-width: 860px)").matches) byId("now-button").click();
recall();

follow((kind, content) => {
  byId("problem").hidden = true;
  received[kind]?.(content);
  draw();
}, (error) => {
  byId("problem").textContent = error.message;
  byId("problem").hidden = false;
});
