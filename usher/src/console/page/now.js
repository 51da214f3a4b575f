// The overview: what came in lately, and what waits.

import { act, ask } from "./api.js";
import { chart } from "./chart.js";
import { byId, el, openDialog, say } from "./dom.js";
import { ago } from "./time.js";

/** Draws the overview of the rows that are known, whatever the filters are. `only` is called to filter the list. */
export function drawNow(rows, figures, session, only) {
  const now = Date.now();
  const providers = [...new Set([...["luma", "lunacal", "allfly"], ...rows.map((row) => row.provider)])];
  const within = (seconds) => rows.filter((row) => row.time > now - seconds * 1000);
  byId("figures").replaceChildren(
    table(providers, rows, within(3600), within(86400)),
    el("ul", { class: "tiles" },
      tile("Pending", figures.pending, figures.oldest_pending === null || figures.oldest_pending === undefined ? "nothing waits" : `oldest received ${ago(figures.oldest_pending)}`, () => only({ state: "pending" })),
      tile("Parked", rows.filter((row) => row.state === "parked").length, "among those listed", () => only({ state: "parked" })),
      figures.queued === null || figures.queued === undefined ? null
        : tile("On the queue", figures.queued, "what a consumer would get", showQueue),
      figures.dead_letters === null || figures.dead_letters === undefined ? null
        : tile("Dead letters", figures.dead_letters, figures.dead_letters > 0 ? "usher redrive brings them back" : "none")));
  byId("chart").replaceChildren(...chart(rows, providers, now));
  drawSamples(session);
}

function table(providers, rows, hour, day) {
  const count = (list, provider, state) => list.filter((row) => row.provider === provider && (state === undefined || row.state === state)).length;
  const states = ["sent", "pending", "parked"];
  return el("table", {},
    el("caption", {}, "Last hour, last day, and the outcomes of the day"),
    el("thead", {}, el("tr", {}, ["Provider", "Hour", "Day", ...states, "Last"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, providers.map((provider) => {
      const last = rows.find((row) => row.provider === provider);
      return el("tr", {},
        el("th", { scope: "row" }, provider),
        el("td", {}, String(count(hour, provider))),
        el("td", {}, String(count(day, provider))),
        states.map((state) => el("td", {}, String(count(day, provider, state)))),
        el("td", {}, last === undefined ? "silent" : ago(last.received)));
    })));
}

function tile(name, number, note, onclick) {
  const content = [el("strong", {}, number === null || number === undefined ? "–" : String(number)), ` ${name}`, el("small", {}, note)];
  return el("li", {}, onclick === undefined ? el("div", {}, content) : el("button", { type: "button", onclick }, content));
}

function drawSamples(session) {
  const place = byId("samples");
  place.hidden = session.samples.length === 0;
  if (place.hidden || place.childElementCount > 0) return;
  const providers = [...new Set(session.samples.map((name) => name.split("/")[0]))];
  place.replaceChildren(
    ...providers.map((provider) => {
      const choice = el("select", { "aria-label": `Sample of ${provider}` },
        session.samples.filter((name) => name.startsWith(`${provider}/`)).map((name) => el("option", { value: name }, name.slice(provider.length + 1))));
      return el("span", { class: "sample" },
        el("button", { type: "button", disabled: !session.allows_changes, onclick: () => send(choice.value) }, `Send a sample of ${provider}`), choice);
    }),
    el("ul", { class: "urls" }, session.providers.filter((one) => one.url !== null).map((one) => el("li", {},
      `${one.name} posts to `, el("code", {}, one.url), one.made_up ? " (made-up secret: only samples are genuine)" : " (the secret given)"))));
}

async function send(sample) {
  try {
    const { status } = await act("/api/sample", { sample });
    say(`${sample} was answered ${status}. The same body again may be a duplicate, which adds nothing.`);
  } catch (error) {
    say(error.message);
  }
}

async function showQueue() {
  try {
    const messages = await ask("/api/queue");
    openDialog("The newest messages on the queue",
      el("ul", { id: "queue" }, messages.map((message) => el("li", {}, message.type, " ", el("code", {}, message.id), message.replay === null ? "" : ` replay ${message.replay}`))),
      el("p", { class: "buttons" }, el("button", { type: "button", onclick: () => byId("dialog").close() }, "Close")));
  } catch (error) {
    say(error.message);
  }
}
