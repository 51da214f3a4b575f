// The drawing of the last day: deliveries by hour and provider.

import { el, svg } from "./dom.js";

const HOUR = 3_600_000;
const [WIDTH, HEIGHT, LEFT, BOTTOM] = [600, 120, 34, 18];

/** Draws the rows of the last 24 hours. A table says the same to a screen reader. */
export function chart(rows, providers, now) {
  const first = Math.floor(now / HOUR) - 23;
  const hours = Array.from({ length: 24 }, () => Object.fromEntries(providers.map((provider) => [provider, 0])));
  for (const row of rows) {
    const hour = hours[Math.floor(row.time / HOUR) - first];
    if (hour !== undefined) hour[row.provider] += 1;
  }
  const sum = (hour) => providers.reduce((total, provider) => total + hour[provider], 0);
  const most = Math.max(1, ...hours.map(sum));
  const [wide, high] = [(WIDTH - LEFT) / 24, HEIGHT - BOTTOM - 6];
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", class: "chart" });
  drawing.append(line(0, most), label(LEFT - 5, 12, String(most), "end"), label(LEFT - 5, HEIGHT - BOTTOM, "0", "end"));
  hours.forEach((hour, index) => {
    let y = HEIGHT - BOTTOM;
    for (const provider of providers) {
      const height = (hour[provider] / most) * high;
      if (height === 0) continue;
      y -= height;
      drawing.append(svg("rect", { x: LEFT + index * wide + 1.5, y, width: wide - 3, height, class: `fill-${provider}` },
        svg("title", {}, `${clock(first + index)}: ${hour[provider]} from ${provider}`)));
    }
    if (index % 6 === 2) drawing.append(label(LEFT + (index + 0.5) * wide, HEIGHT - 4, clock(first + index), "middle"));
  });
  return [drawing, el("figcaption", {}, "Deliveries received by hour, last 24 hours: ",
    providers.map((provider) => el("span", { class: `key key-${provider}` },
      `${provider} ${hours.reduce((total, hour) => total + hour[provider], 0)}`)))];
}

function clock(hour) {
  return new Date(hour * HOUR).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

function label(x, y, text, anchor) {
  return svg("text", { x, y, "text-anchor": anchor }, text);
}

function line() {
  return svg("path", { d: `M${LEFT} ${HEIGHT - BOTTOM}H${WIDTH}`, class: "axis" });
}
