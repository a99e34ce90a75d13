import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { basename, dirname } from "node:path";
import send from "send";
import type { Report } from "../events.ts";
import { Failure } from "../failure.ts";
import { isCode } from "../system/files.ts";
import { inside } from "./inside.ts";

/** What takes files that are sent by PUT. It answers, and says what came of it. */
export type Receive = (request: IncomingMessage, response: ServerResponse) => Promise<Answered>;

/** What came of a request, in a line, and what is told after it. */
export interface Answered {
  readonly outcome: string;
  readonly note?: string;
}

export interface HttpWish {
  /** The folder, with all its links followed. */
  readonly root: string;
  readonly address: string;
  readonly port: number;
  readonly report: Report;
  readonly receive?: Receive | undefined;
  /** Milliseconds without a byte after which a connection is given up: a computer that was switched off says nothing. */
  readonly silence?: number | undefined;
}

export interface HttpServer extends AsyncDisposable {
  readonly port: number;
}

/** Hand out a folder's files by HTTP/1.1, with Content-Length and ranges. It is over, with every transfer, when disposed of. */
export async function httpServer(wish: HttpWish): Promise<HttpServer> {
  const { address, port, report, receive, silence = 120_000 } = wish;
  const running = new Set<Promise<void>>();
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    const answering = answer(request, response, wish).catch((error: unknown) => {
      report({ kind: "warning", text: `${request.url ?? ""} could not be answered: ${String(error)}` });
      response.destroy();
    });
    running.add(answering);
    void answering.finally(() => running.delete(answering));
  };
  const server = createServer({ requestTimeout: 0 }, take);
  // Whoever sends much asks first whether he may; `receive` says so.
  if (receive !== undefined) server.on("checkContinue", take);
  server.setTimeout(silence);
  await listening(server, address, port);
  return {
    port: (server.address() as { readonly port: number }).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, ...running]);
    },
  };
}

async function listening(server: Server, address: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      reject(whyNot(error, address, port));
    });
    server.listen({ host: address, port, exclusive: true }, resolve);
  });
}

function whyNot(cause: Error, address: string, port: number): Error {
  const where = `${address}, port ${String(port)}`;
  if (isCode(cause, "EADDRINUSE"))
    return new Failure("busy", `another server listens at ${where} already`, {
      remedy: `end it (ss -ltnp 'sport = ${String(port)}' names it), or choose another port with --http-port`,
      cause,
    });
  if (isCode(cause, "EACCES"))
    return new Failure("host-unready", `only root may listen at ${where}`, {
      remedy: "run it with sudo, or choose a port above 1023 with --http-port",
      cause,
    });
  if (isCode(cause, "EADDRNOTAVAIL"))
    return new Failure("usage", `this machine has no address ${address}`, { remedy: "ip address", cause });
  return cause;
}

async function answer(request: IncomingMessage, response: ServerResponse, wish: HttpWish): Promise<void> {
  const { method = "", url = "", socket } = request;
  const client = socket.remoteAddress ?? "somebody"; // A connection that has gone does not know it any more.
  const answered =
    method === "PUT" && wish.receive !== undefined
      ? wish.receive(request, response)
      : fetched(request, response, wish).then((outcome): Answered => ({ outcome }));
  const [{ outcome, note }] = await Promise.all([answered, over(response)]);
  wish.report({ kind: "request", by: "http", client, what: `${method} ${url}`, outcome });
  if (note !== undefined) wish.report({ kind: "note", text: note });
}

const over = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    if (response.closed) resolve();
    else response.once("close", resolve);
  });

/** Send a file, or the reason why not. */
async function fetched(request: IncomingMessage, response: ServerResponse, wish: HttpWish): Promise<string> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    const [allowed, told] = wish.receive === undefined ? ["GET, HEAD", "GET and HEAD"] : withPut;
    response.setHeader("Allow", allowed);
    return say(response, 405, `only ${told} are answered`);
  }
  const found = await inside(wish.root, request.url ?? "");
  if (found.kind === "refused") return say(response, found.status, found.why);
  return await sent(request, response, found.path);
}

const withPut = ["GET, HEAD, PUT", "GET, HEAD and PUT"] as const;

/** Dates of files are those of their contents' sources, so that they tell nothing about which version it is. */
const options = { dotfiles: "allow", index: false, cacheControl: false, etag: false, lastModified: false } as const;

async function sent(request: IncomingMessage, response: ServerResponse, path: string): Promise<string> {
  response.setHeader("Cache-Control", "no-cache");
  response.setHeader("X-Content-Type-Options", "nosniff");
  const failed = await new Promise<Error | undefined>((resolve) => {
    response.once("close", () => {
      resolve(undefined);
    });
    send(request, `/${encodeURIComponent(basename(path))}`, { ...options, root: dirname(path) })
      .on("error", resolve)
      .pipe(response);
  });
  if (failed !== undefined && !response.headersSent) {
    const { status = 500 } = failed as { readonly status?: number };
    for (const [name, value] of Object.entries((failed as { headers?: Record<string, string> }).headers ?? {}))
      response.setHeader(name, value);
    return say(response, status, failed.message);
  }
  if (failed !== undefined) response.destroy();
  const whole = response.writableFinished;
  return `${String(response.statusCode)}, ${whole ? "sent" : "broken off"}`;
}

/** Answer with a status and text. What it returns is one line. */
export function say(response: ServerResponse, status: number, text: string): string {
  const body = `${text}\n`;
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
  return `${String(status)}, ${text.replaceAll("\n", "; ")}`;
}
