// One delivery: its facts, its timeline, and the body beside the event that is made of it.

import { actions } from "./actions.js";
import { byId, el, plain } from "./dom.js";
import { layOut, pieces, textBox } from "./layout.js";
import { ago, timeElement } from "./time.js";

const DRIFT = {
  unrecognized: "Usher does not know this type or form",
  unknown_field: "not documented by the provider",
  unexpected_type: "of another type than documented",
  unknown_value: "a word that is not documented",
  not_a_time: "not a time",
  not_a_duration: "not a duration",
  not_a_whole_number: "not a whole number",
  duplicate_member: "there more than once; Usher reads the first",
};

/** Shows a delivery. `reveal` asks for what a discreet console hides; `close` is called by the close button. */
export function showDelivery(detail, session, { reveal, close, reload }) {
  const panel = byId("delivery");
  const { row } = detail;
  const title = el("h2", { id: "delivery-title", tabindex: -1 }, row.type ?? "No event");
  panel.replaceChildren(
    el("div", { class: "bar" }, title, el("button", { type: "button", class: "close", onclick: close, "aria-label": "Close the delivery" }, "×")),
    el("p", { class: "about" }, row.provider, " · ", el("span", { class: `state ${row.state}` }, row.state), " · ",
      plain(row.subject ?? "no subject"), row.who !== null && [" · ", plain(row.who)]),
    actions(detail, session, reload),
    el("div", { class: "facts" }, facts(detail), timeline(detail)),
    ...content(detail, reveal),
  );
  panel.hidden = false;
}

/** Shows why there is no delivery to show. */
export function showNoDelivery(sentence, close) {
  const panel = byId("delivery");
  panel.replaceChildren(
    el("div", { class: "bar" }, el("h2", { id: "delivery-title", tabindex: -1 }, "Not shown"),
      el("button", { type: "button", class: "close", onclick: close, "aria-label": "Close the delivery" }, "×")),
    el("p", {}, sentence),
  );
  panel.hidden = false;
}

function facts(detail) {
  const { row, content } = detail;
  const rows = [
    ["Event id", row.id],
    ["Ledger key", detail.key],
    ["Replays", row.replays > 0 ? String(row.replays) : "none"],
    ["Relay attempts", row.attempts > 0 ? String(row.attempts) : "none"],
    detail.unconfirmed > 0 && ["Unconfirmed sends", String(detail.unconfirmed)],
    detail.due !== null && ["Due", timeElement(detail.due)],
    ["Kept until", detail.expires === null ? "it is sent" : timeElement(detail.expires)],
    content !== null && ["Body", `${content.bytes} bytes${content.intact === false ? ", NOT the one whose digest is stored" : ""}`],
  ];
  return el("dl", { "aria-label": "Facts of the ledger" },
    rows.filter((line) => line).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

function timeline(detail) {
  const steps = detail.timeline.map((step) => el("li", { class: step.what },
    el("strong", {}, step.what), " ", step.at === null ? null : [timeElement(step.at), ` (${ago(step.at)})`],
    step.note !== null && el("small", {}, ` ${step.note}`)));
  return el("ol", { class: "timeline", "aria-label": "Timeline" }, steps);
}

function content(detail, reveal) {
  const { content: shown } = detail;
  if (detail.hidden) {
    return [el("p", { class: "notice" }, "The body and the event hold personal data, and this console is discreet. ",
      el("button", { type: "button", onclick: reveal, id: "reveal" }, "Show them"))];
  }
  if (shown === null) return [el("p", { class: "notice" }, `There is no body: ${detail.problem ?? "it cannot be read"}.`)];
  return [drift(shown), el("div", { class: "texts" }, body(shown), event(detail, shown))];
}

function drift(shown) {
  if (shown.drift.length === 0) return "";
  return el("details", { class: "drifts", open: true },
    el("summary", {}, `Drift: ${shown.drift.length} ${shown.drift.length === 1 ? "place deviates" : "places deviate"} from the documentation`),
    el("ul", {}, shown.drift.map((one, index) => el("li", {},
      one.marks.length > 0
        ? el("button", { type: "button", class: "link", onclick: () => flash(`drift-${index}`) }, plain(one.path))
        : el("code", {}, plain(one.path === "" ? "the body" : one.path)),
      `: ${DRIFT[one.problem] ?? one.problem}`))));
}

function body(shown) {
  const { text } = shown.body;
  const heading = el("h3", { id: "body-title" }, "The body, as it was sent");
  if (text === undefined) {
    return el("section", {}, heading, el("p", {}, "It is not text. As base64:"), textBox("Body as base64", shown.body.base64));
  }
  const box = textBox("Body as it was sent", []);
  const isJson = shown.links.length > 0 || shown.drift.some((one) => one.marks.length > 0) || canBeParsed(text);
  const laidOut = el("input", { type: "checkbox", id: "laid-out", checked: isJson, disabled: !isJson });
  const draw = () => box.replaceChildren(...pieces(text, bodyMarks(shown), laidOut.checked ? layOut(text) : {}));
  laidOut.addEventListener("change", draw);
  draw();
  return el("section", {}, el("div", { class: "bar" }, heading, el("label", {}, laidOut, " Lines")), box);
}

function canBeParsed(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function event(detail, shown) {
  const heading = el("h3", {}, "The event, as it would be made today");
  if (shown.event === null) {
    return el("section", {}, heading, el("p", {}, `It makes no event: ${detail.problem}.`));
  }
  return el("section", {}, el("div", { class: "bar" }, heading),
    textBox("Event as it would be made today, without raw", pieces(shown.event, eventMarks(shown))),
    el("p", { class: "hint" }, "Choose a field to see where it came from. “raw”, which is the body, is left out here."));
}

function eventMarks(shown) {
  return shown.links.map((link, index) => ({
    start: link.event[0],
    end: link.event[1],
    make: () => el("button", {
      type: "button",
      class: link.from.length > 1 ? "field unsure" : "field",
      "data-link": index,
      title: `${link.field}: ${origin(link)}`,
      onclick: () => flash(`from-${index}`),
    }),
  }));
}

function origin(link) {
  const places = link.from.map((place) => plain(place.path));
  const basis = link.basis === "documented" ? "by the provider's documentation" : "found by its value";
  return places.length === 1 ? `from ${places[0]}, ${basis}` : `from one of ${places.slice(0, 5).join(", ")}: they hold the same`;
}

function bodyMarks(shown) {
  // A place may be the origin of several fields: it leads to the first of them.
  const places = new Map();
  shown.links.forEach((link, index) => link.from.forEach((place) => {
    const known = places.get(place.mark[0]);
    if (known === undefined) places.set(place.mark[0], { place, links: [index] });
    else known.links.push(index);
  }));
  const origins = [...places.values()].map(({ place, links }) => ({
    start: place.mark[0],
    end: place.mark[1],
    make: () => {
      const names = links.map((index) => shown.links[index].field).join(", ");
      return el("button", {
        type: "button",
        class: links.map((index) => `from from-${index}`).join(" "),
        title: `${plain(place.path)} goes to ${names}`,
        onclick: () => flash(`link-${links[0]}`),
      });
    },
  }));
  const drifts = shown.drift.flatMap((one, index) => one.marks.map(([start, end]) => ({
    start,
    end,
    make: () => el("mark", { class: `drift drift-${index}`, title: DRIFT[one.problem] ?? one.problem }),
  })));
  const taken = new Set(drifts.map((mark) => mark.start));
  return [...origins.filter((mark) => !taken.has(mark.start)), ...drifts];
}

/** Brings the parts of a name into view, and makes them stand out for a moment. */
function flash(name) {
  const selector = name.startsWith("link-") ? `[data-link="${name.slice(5)}"]` : `.${name}`;
  const parts = document.querySelectorAll(`#delivery ${selector}`);
  document.querySelectorAll(".flash").forEach((part) => part.classList.remove("flash"));
  parts.forEach((part) => part.classList.add("flash"));
  parts[0]?.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  if (parts[0] instanceof HTMLButtonElement) parts[0].focus({ preventScroll: true });
}
