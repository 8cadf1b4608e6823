/* How a request of the journal is written for people: decoded, pretty, and as a command for a terminal. Values in, texts
   out. */

/** Return the body as it was sent, as text. */
export const bodyOf = (entry) =>
  new TextDecoder().decode(Uint8Array.from(atob(entry.body_base64), (letter) => letter.codePointAt(0)));

/** Write a parameter's value for people: JSON is spread over lines, anything else stays. */
export function decoded(value) {
  const found = parsed(value);
  return found && typeof found === "object" ? JSON.stringify(found, null, 2) : value;
}

/** Write a reply for people: {text, same, code}; `same` tells that the text is what came, `code` is its result code. */
export function pretty(reply) {
  const found = parsed(reply);
  if (!found || typeof found !== "object") return { text: reply, same: true, code: "" };
  return { text: JSON.stringify(found, null, 2), same: false, code: String(found.ResultCode ?? found.Code ?? "") };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const UNSAID = new Set(["host", "content-length", "connection", "accept-encoding"]);
/* Headers that curl writes by itself. */

/** Write a request as a command for a shell. Sent again it is refused: its nonce was used. */
export function curlOf(entry) {
  const [method, path] = entry.line.split(" ");
  const host = entry.headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
  const headers = entry.headers.filter(([name]) => !UNSAID.has(name.toLowerCase()));
  return [
    `curl -X ${method} ${quoted(`http://${host}${path}`)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    `--data-raw ${quoted(bodyOf(entry))}`,
  ].join(" \\\n  ");
}

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
