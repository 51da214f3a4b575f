// The list: only the rows in view are elements, so ten thousand of them stay smooth.

import { byId, el, plain } from "./dom.js";
import { timeElement } from "./time.js";

/** The rows that are made above and below the view. */
const BEYOND = 8;

export class List {
  #list = byId("list");
  #rows = byId("rows");
  #shown = [];
  #selected = null;
  #height = 0;
  #drawn = new Map();

  /** `open` is called with the id of a delivery that the person chose. */
  constructor(open) {
    this.open = open;
    this.#list.addEventListener("scroll", () => this.#draw(), { passive: true });
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row !== null) this.choose(row.dataset.id);
    });
    new ResizeObserver(() => this.#measure()).observe(this.#list);
  }

  /** Shows these rows, the newest first. The view stays at the rows that it shows, unless it is at the top. */
  show(rows) {
    const top = this.#list.scrollTop;
    const anchor = top > 0 ? this.#shown[Math.floor(top / this.#height)] : undefined;
    const before = anchor === undefined ? 0 : this.#shown.indexOf(anchor);
    this.#shown = rows;
    this.#rows.style.height = `${rows.length * this.#height}px`;
    if (anchor !== undefined) {
      const after = rows.findIndex((row) => row.id === anchor.id);
      if (after > before) this.#list.scrollTop = top + (after - before) * this.#height;
    }
    this.#drawn.clear();
    this.#rows.replaceChildren();
    this.#draw();
  }

  get selected() { return this.#selected; }

  /** Selects a row and opens its delivery. */
  choose(id) {
    this.select(id);
    this.open(id);
  }

  select(id) {
    this.#selected = id;
    const index = this.#shown.findIndex((row) => row.id === id);
    if (index >= 0) this.#reveal(index);
    this.#drawn.clear();
    this.#rows.replaceChildren();
    this.#draw();
  }

  /** Moves the selection, and opens what it comes to. */
  move(by) {
    if (this.#shown.length === 0) return;
    const index = this.#shown.findIndex((row) => row.id === this.#selected);
    const next = index < 0 ? 0 : Math.min(this.#shown.length - 1, Math.max(0, index + by));
    this.choose(this.#shown[next].id);
  }

  focus() { this.#list.focus(); }

  #key(event) {
    const page = Math.max(1, Math.floor(this.#list.clientHeight / this.#height) - 1);
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.move(by);
  }

  #measure() {
    this.#height = parseFloat(getComputedStyle(this.#list).getPropertyValue("--row"));
    this.show(this.#shown);
  }

  #reveal(index) {
    const top = index * this.#height;
    const bottom = top + this.#height - this.#list.clientHeight;
    if (this.#list.scrollTop > top) this.#list.scrollTop = top;
    else if (this.#list.scrollTop < bottom) this.#list.scrollTop = bottom;
  }

  #draw() {
    if (this.#height === 0) return;
    const first = Math.max(0, Math.floor(this.#list.scrollTop / this.#height) - BEYOND);
    const count = Math.ceil(this.#list.clientHeight / this.#height) + 2 * BEYOND;
    const wanted = this.#shown.slice(first, first + count);
    const ids = new Set(wanted.map((row) => row.id));
    for (const [id, element] of this.#drawn) {
      if (!ids.has(id)) {
        element.remove();
        this.#drawn.delete(id);
      }
    }
    wanted.forEach((row, offset) => {
      if (this.#drawn.has(row.id)) return;
      const element = this.#element(row, first + offset);
      this.#drawn.set(row.id, element);
      this.#rows.append(element);
    });
    const active = this.#drawn.get(this.#selected);
    if (active === undefined) this.#list.removeAttribute("aria-activedescendant");
    else this.#list.setAttribute("aria-activedescendant", active.id);
  }

  #element(row, index) {
    const marks = [
      row.replays > 0 && el("span", { class: "mark", title: `replayed ${row.replays} times` }, `↻ ${row.replays}`),
      row.drift > 0 && el("span", { class: "mark drift", title: "deviates from the provider's documentation" }, `drift ${row.drift}`),
    ];
    const element = el("div", {
      role: "option",
      id: `row-${index}`,
      class: "row",
      "data-id": row.id,
      "aria-selected": String(row.id === this.#selected),
      "aria-posinset": index + 1,
      "aria-setsize": this.#shown.length,
    },
    el("span", { class: "c-time" }, timeElement(row.received)),
    el("span", { class: `c-provider p-${row.provider}` }, row.provider),
    el("span", { class: "c-type" }, row.type ?? "no event"),
    el("span", { class: "c-subject" }, plain(row.subject ?? "–")),
    el("span", { class: row.hidden ? "c-who hidden" : "c-who" }, row.hidden ? "hidden" : plain(row.who ?? "–")),
    el("span", { class: "c-state" }, el("span", { class: `state ${row.state}` }, row.state), marks));
    element.style.top = `${index * this.#height}px`;
    return element;
  }
}
