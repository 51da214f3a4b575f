// What can be done with one delivery.

import { act, bytes } from "./api.js";
import { byId, el, openDialog, say } from "./dom.js";

/** Makes the buttons. `reload` is called after a change. */
export function actions(detail, session, reload) {
  const { id } = detail.row;
  const can = session.allows_changes;
  const why = can ? null : "start the console with --allow-changes";
  const commands = detail.content?.commands;
  return el("div", { class: "actions", role: "group", "aria-label": "Actions" },
    el("button", { type: "button", id: "replay", disabled: !can, title: why, onclick: () => replay(id, reload) }, "Replay…"),
    el("button", { type: "button", id: "forward", disabled: !can, title: why, onclick: () => forward(id) }, "Forward…"),
    commands?.curl && el("button", { type: "button", onclick: () => copy(commands.curl, "the curl command") }, "Copy as curl"),
    commands && el("button", { type: "button", onclick: () => copy(commands.send, "the usher send command") }, "Copy as usher send"),
    commands && el("button", { type: "button", onclick: () => save("/api/raw", id, "body.json") }, "Save body"),
    commands && el("button", { type: "button", id: "save-sample", onclick: () => save("/api/sample-of", id, "sample.json") }, "Save as sample"),
    el("button", { type: "button", onclick: () => copy(link(id), "the link") }, "Copy link"),
    !can && el("span", { class: "hint" }, "Read-only: --allow-changes lets you replay and forward."));
}

/** Returns a link without the token: it works for a colleague who runs the console on the same port. */
const link = (id) => `${location.origin}/#${new URLSearchParams({ id })}`;

/** Shows what a replay would do, and does it after a yes. */
export async function replay(id, reload) {
  try {
    const plan = await act("/api/replay/plan", { id });
    const yes = el("button", { type: "button", class: "primary", id: "yes" }, "Replay it");
    const dialog = openDialog("Replay this event?",
      el("p", {}, `Would replay ${plan.type ?? "the event"} as replay ${plan.replay}. Its id stays the same: `, el("code", {}, id),
        ". The event is made again from the stored body, and the relay sends it within about a minute."),
      el("p", {}, "Nothing was changed yet."), buttons(yes));
    yes.addEventListener("click", async () => {
      yes.disabled = true;
      await tell(async () => {
        const done = await act("/api/replay", { plan: plan.plan });
        say(`Replay ${done.replay} is on its way: the relay sends it.`);
        reload();
      });
      dialog.close();
    });
    yes.focus();
  } catch (error) {
    say(error.message);
  }
}

function forward(id) {
  const url = el("input", { type: "url", id: "forward-to", required: true, value: localStorage.getItem("usher-forward") ?? "http://localhost:3000/hook" });
  const form = el("select", { id: "forward-form" },
    [["structured", "CloudEvent, structured"], ["binary", "CloudEvent, binary"], ["sqs", "Lambda's SQS event"]].map(([value, name]) => el("option", { value }, name)));
  const answer = el("p", { role: "status" });
  const post = el("button", { type: "submit", class: "primary" }, "Post it");
  openDialog("Forward this event", el("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      localStorage.setItem("usher-forward", url.value);
      answer.textContent = "Posting…";
      try {
        const done = await act("/api/forward", { id, to: url.value, form: form.value });
        answer.textContent = `Answered ${done.status} in ${done.milliseconds} ms${done.taken ? "" : ": not taken"}.`;
      } catch (error) {
        answer.textContent = error.message;
      }
    },
  },
  el("p", {}, "It is posted once to a program on this machine. The ledger stays as it is."),
  el("label", {}, "URL ", url), el("label", {}, "Form ", form), answer, buttons(post)));
}

function buttons(yes) {
  return el("p", { class: "buttons" }, yes, el("button", { type: "button", onclick: () => byId("dialog").close() }, "Cancel"));
}

async function copy(text, what) {
  await tell(async () => {
    await navigator.clipboard.writeText(text);
    say(`Copied ${what}.`);
  });
}

async function save(path, id, name) {
  await tell(async () => {
    const url = URL.createObjectURL(await bytes(path, { id }));
    el("a", { href: url, download: `${id.replace(/[^\w.-]/g, "_").slice(0, 80)}-${name}` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    say(name === "sample.json" ? "Saved. Read it before you share it: names within other texts may be left." : "Saved.");
  });
}

async function tell(work) {
  try {
    await work();
  } catch (error) {
    say(error.message);
  }
}
