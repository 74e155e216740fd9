// A comparator that somebody pasted: it is parsed in a frame and run in a worker, and can reach nothing in either.
/** A worker with a comparator that somebody pasted. It is started by a click, and ended with the check. */
class Own {
  #worker;
  #port;
  #next = 0;
  #text;
  #stop;
  #stopped = new Promise((_, reject) => (this.#stop = () => reject(new Error("stopped"))));
  constructor(bytes, text) {
    this.#text = text;
    this.#stopped.catch(() => undefined);
    const url = URL.createObjectURL(new Blob([ENGINE], { type: "text/javascript" }));
    this.#worker = new Worker(url);
    URL.revokeObjectURL(url);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const ready = new Promise((resolve, reject) => {
      this.#worker.onerror = (event) => reject(new Error(`error: the comparator's worker: ${event.message}`));
      port1.onmessage = ({ data: { ready, why } }) => (ready ? resolve() : reject(new Error(`error: the comparator is not run: ${why}`)));
    });
    this.ready = Promise.race([ready, this.#stopped]);
    this.ready.catch(() => undefined);
    this.#worker.postMessage({ bytes, text, port: port2 }, [port2]);
  }
  /** What becomes of a request, in the module's JSON. After one that took too long there is no other. */
  async ask(request) {
    const [kind] = Object.keys(JSON.parse(request));
    if (kind === "Read") {
      const reply = await Promise.race([readable(this.#text), this.#stopped]);
      if (reply.Failed) return JSON.stringify({ reply });
    }
    const id = this.#next++;
    const answer = new Promise((resolve) => {
      this.#port.onmessage = ({ data }) => data.id === id && resolve(String(data.answer));
      this.#worker.onerror = ({ message }) => resolve(JSON.stringify({ trouble: { Ended: String(message) } }));
      this.#port.postMessage({ id, request });
    });
    // What evaluates it for each context is within this, too.
    return (await within(2000, Promise.race([answer, this.#stopped]))) ?? JSON.stringify({ trouble: "Late" });
  }
  end() {
    this.#worker.terminate();
    this.#stop();
  }
}

/** What a promise resolves to, or nothing after so many milliseconds. */
const within = async (milliseconds, promise) => {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Whether a text is a module; what is wrong with it, and where, if it is none. A frame that can reach nothing
 * parses it, and throws before its first line runs. */
const readable = async (text) => {
  const first = 'throw "readable";';
  const frame = h("iframe", { sandbox: "allow-scripts", hidden: true, title: "Parses a comparator" });
  const parse = ({ data }) => {
    const script = document.createElement("script");
    const tell = (message, line, column) => parent.postMessage([String(message), line, column], "*");
    addEventListener("error", (event) => {
      event.preventDefault();
      if (event.message) tell(event.message, event.lineno, event.colno);
    });
    script.onerror = () => tell("a comparator that is pasted is one file, and cannot import another", 1, 0);
    script.type = "module";
    script.textContent = data;
    document.head.append(script);
  };
  frame.srcdoc = `<script>onmessage = ${parse}</script>`;
  const heard = new Promise((resolve) => {
    const listen = ({ source, data }) => {
      if (source !== frame.contentWindow) return;
      removeEventListener("message", listen);
      resolve(data);
    };
    addEventListener("message", listen);
    frame.onload = () => frame.contentWindow.postMessage(first + text, "*");
  });
  document.body.append(frame);
  const [message, at, place] = (await within(5000, heard)) ?? ["it cannot be read", 1, 0];
  frame.remove();
  if (message.endsWith("readable")) return { Needs: [] };
  const said = message.replace(/^Uncaught /, "").replace(/Failed to execute '\w+' on '\w+': /, "");
  const lines = text.split("\n");
  const line = Math.min(Math.max(at, 1), lines.length);
  const column = Math.max(place - 1 - (line === 1 ? first.length : 0), 0);
  const bytesOf = (part) => new TextEncoder().encode(part).length;
  const begin = bytesOf(lines.slice(0, line - 1).map((one) => `${one}\n`).join("")) + bytesOf(lines[line - 1].slice(0, column));
  const length = bytesOf([...lines[line - 1].slice(column)][0] ?? "");
  const help = "only JavaScript is read here; take the types of TypeScript away (tsc, esbuild), or: freshest check --comparator FILE.ts";
  return { Failed: { Unreadable: [{ message: said, place: { start: begin, end: begin + length }, help }] } };
};
