// Requests to the console's server. Each carries the token of this start.

const KEY = "usher-token";

/** Takes the token from the link, and removes it from the address: an address is copied, shared and remembered. */
export function takeToken() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const token = parameters.get("token");
  if (token === null) return;
  localStorage.setItem(KEY, token);
  history.replaceState(null, "", location.pathname);
}

const headers = () => ({ authorization: `Bearer ${localStorage.getItem(KEY) ?? ""}` });

/** Asks, and returns the answer's JSON. Throws an error whose message is a sentence for the person. */
export async function ask(path, query = {}) {
  return (await request(`${path}?${new URLSearchParams(query)}`, { headers: headers() })).json();
}

/** Asks for bytes. */
export async function bytes(path, query) {
  return (await request(`${path}?${new URLSearchParams(query)}`, { headers: headers() })).blob();
}

/** Asks for something to be done. */
export async function act(path, content) {
  const answer = await request(path, {
    method: "POST",
    headers: { ...headers(), "content-type": "application/json" },
    body: JSON.stringify(content ?? {}),
  });
  const text = await answer.text();
  return text === "" ? null : JSON.parse(text);
}

async function request(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("The console does not answer: is the command still running in its terminal?");
  }
  if (answer.ok) return answer;
  const problem = await answer.json().then((said) => said.problem, () => `the console answered ${answer.status}`);
  throw Object.assign(new Error(`${problem[0].toUpperCase()}${problem.slice(1)}.`), { status: answer.status });
}

/**
 * Follows the stream of events, for ever. EventSource cannot send the token as a header, so the stream is read with fetch.
 * `on` is called with the kind and the content of each message, and `broken` with the reason when the stream ends.
 */
export async function follow(on, broken) {
  for (;;) {
    try {
      await read(await request("/api/stream", { headers: headers() }), on);
      broken(new Error("The console has ended the connection: is the command still running in its terminal?"));
    } catch (error) {
      broken(error);
      if (error.status === 403) return;
    }
    await new Promise((resolve) => { setTimeout(resolve, 2000); });
  }
}

async function read(answer, on) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const messages = text.split("\n\n");
    text = messages.pop();
    for (const message of messages) {
      const kind = /^event: ?(.*)$/m.exec(message);
      const data = [...message.matchAll(/^data: ?(.*)$/gm)].map((line) => line[1]).join("\n");
      if (kind !== null) on(kind[1], JSON.parse(data));
    }
  }
}
