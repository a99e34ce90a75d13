import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Event } from "../../src/events.ts";
import { httpServer, type HttpServer } from "../../src/serve/http.ts";
import { fixture, type Fixture } from "./fixture.ts";

let folder: Fixture;
let server: HttpServer;
let events: Event[];
beforeEach(async () => {
  folder = fixture();
  events = [];
  const root = realpathSync(folder.served);
  server = await httpServer({ root, address: "127.0.0.1", port: 0, report: (event) => events.push(event) });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

interface Reply {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Send a request line as it is: libraries clean paths up before they send them. */
function ask(line: string, ...headers: readonly string[]): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1");
    let text = "";
    socket.on("error", reject);
    socket.on("data", (piece) => (text += piece.toString("latin1")));
    socket.on("close", () => {
      const at = text.indexOf("\r\n\r\n");
      resolve({ status: Number(text.split(" ")[1]), head: text.slice(0, at), body: text.slice(at + 4) });
    });
    socket.write(`${[`${line} HTTP/1.1`, "Host: server", "Connection: close", ...headers].join("\r\n")}\r\n\r\n`);
  });
}

test("a file comes whole, with its length", async () => {
  const { status, head, body } = await ask("GET /live/01-base.squashfs");
  expect(status).toBe(200);
  expect(head).toMatch(/^HTTP\/1\.1 200 OK\r$/m);
  expect(head).toMatch(/^Content-Length: 3000000\r?$/m);
  expect(head).toMatch(/^Accept-Ranges: bytes\r?$/m);
  expect(body).toHaveLength(3_000_000);
});

test("a part of a file comes when that is asked for, and one behind its end is refused", async () => {
  const part = await ask("GET /pxelinux.0", "Range: bytes=2-7");
  expect(part).toMatchObject({ status: 206, body: "loader" });
  expect(part.head).toMatch(/^Content-Range: bytes 2-7\/18\r?$/m);
  const beyond = await ask("GET /pxelinux.0", "Range: bytes=100-");
  expect(beyond.status).toBe(416);
  expect(beyond.head).toMatch(/^Content-Range: bytes \*\/18\r?$/m);
});

test("HEAD has the length and no content", async () => {
  const { status, head, body } = await ask("HEAD /pxelinux.0");
  expect({ status, body }).toEqual({ status: 200, body: "" });
  expect(head).toMatch(/^Content-Length: 18\r?$/m);
});

test("the medium's own record is served although it is hidden", async () => {
  expect((await ask("GET /.disk/livewright.json")).status).toBe(200);
});

test("a name with strange characters is found by its encoding", async () => {
  folder.write("live/50% more #1.txt", "found\n");
  expect(await ask("GET /live/50%25%20more%20%231.txt")).toMatchObject({ status: 200, body: "found\n" });
});

describe("nothing outside the folder is reached by", () => {
  test.each([
    "/../secret",
    "/live/../../secret",
    "/live/..%2f..%2fsecret",
    "/%2e%2e/secret",
    "/..%5csecret",
    "/live/%252e%252e/%252e%252e/secret",
    "//etc/passwd",
    "/etc/passwd",
    "etc/passwd",
    "../secret",
    "/pxelinux.0%00.txt",
    "/%",
    "/live/01-base.squashfs/../../../secret",
    "*",
  ])("%s", async (path) => {
    const { status, body } = await ask(`GET ${path}`);
    expect([400, 403, 404]).toContain(status);
    expect(body).not.toMatch(/secret beside|root:/);
  });

  test("a whole address in place of a path", async () => {
    expect((await ask(`GET file://${folder.above}/secret`)).status).toBe(400);
  });

  test("a link that leaves the folder, to a file or a folder, absolute or relative", async () => {
    symlinkSync("../secret", join(folder.served, "relative"));
    symlinkSync(join(folder.above, "secret"), join(folder.served, "absolute"));
    symlinkSync("..", join(folder.served, "up"));
    for (const path of ["/relative", "/absolute", "/up/secret"])
      expect(await ask(`GET ${path}`)).toMatchObject({ status: 403, body: "it leaves the folder\n" });
  });
});

test("a link that stays in the folder is followed, but not to what is hidden", async () => {
  folder.write(".git/config", "hidden\n");
  symlinkSync("pxelinux.0", join(folder.served, "loader"));
  symlinkSync(".git/config", join(folder.served, "config"));
  symlinkSync("loop", join(folder.served, "loop"));
  expect((await ask("GET /loader")).body).toBe("a loader for BIOS\n");
  expect((await ask("GET /config")).status).toBe(404);
  expect((await ask("GET /loop")).status).toBe(404);
});

test.each(["/.git/config", "/live/.partial", "/.hidden", "/lists/.disk/x"])("hidden %s is not there", async (path) => {
  folder.write(path.slice(1), "hidden\n");
  expect(await ask(`GET ${path}`)).toMatchObject({ status: 404, body: "not there\n" });
});

test("what not everybody may read is refused, although the server could", async () => {
  folder.write("live/key", "private\n");
  chmodSync(join(folder.served, "live/key"), 0o600);
  expect((await ask("GET /live/key")).status).toBe(403);
});

test("a folder is no file and has no list", async () => {
  mkdirSync(join(folder.served, "live/more"));
  writeFileSync(join(folder.served, "index.html"), "index\n");
  for (const path of ["/", "/live", "/live/", "/live/more/", "/live/.", "/?x"])
    expect(await ask(`GET ${path}`)).toMatchObject({
      status: 404,
      body: "no file: what is in a folder is not listed\n",
    });
});

test.each(["PUT", "POST", "DELETE", "OPTIONS"])("%s is not answered", async (method) => {
  const { status, head } = await ask(`${method} /pxelinux.0`, "Content-Length: 0");
  expect(status).toBe(405);
  expect(head).toMatch(/^Allow: GET, HEAD\r?$/m);
});

test("who asked for what is told, and how it ended", async () => {
  await ask("GET /pxelinux.0");
  await ask("GET /../secret");
  await new Promise<void>((resolve) => {
    const socket = connect(server.port, "127.0.0.1", () =>
      socket.write("GET /live/01-base.squashfs HTTP/1.1\r\nHost: s\r\n\r\n"),
    );
    socket.once("data", () => {
      socket.destroy();
      resolve();
    });
  });
  await expect.poll(() => events.length).toBe(3);
  const told = events.map((event) =>
    event.kind === "request" ? [event.by, event.client, event.what, event.outcome] : event,
  );
  expect(told).toEqual([
    ["http", "127.0.0.1", "GET /pxelinux.0", "200, sent"],
    ["http", "127.0.0.1", "GET /../secret", "403, it leaves the folder"],
    ["http", "127.0.0.1", "GET /live/01-base.squashfs", "200, broken off"],
  ]);
});

test("it ends at once while somebody is fetching", async () => {
  const socket = connect(server.port, "127.0.0.1", () =>
    socket.write("GET /live/01-base.squashfs HTTP/1.1\r\nHost: s\r\n\r\n"),
  );
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("readable", resolve));
  const began = performance.now();
  await server[Symbol.asyncDispose]();
  expect(performance.now() - began).toBeLessThan(1_000);
  socket.destroy();
});

test("a port that is taken is named with who may tell more", async () => {
  const again = httpServer({ root: "/", address: "127.0.0.1", port: server.port, report: () => undefined });
  await expect(again).rejects.toMatchObject({
    code: "busy",
    message: expect.stringContaining(`port ${String(server.port)}`),
  });
});

test("an address that this machine does not have is refused", async () => {
  const elsewhere = httpServer({ root: "/", address: "203.0.113.7", port: 0, report: () => undefined });
  await expect(elsewhere).rejects.toMatchObject({ code: "usage" });
});
