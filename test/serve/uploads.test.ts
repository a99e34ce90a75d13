import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import { Agent, request, type ClientRequest } from "node:http";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { receiver } from "../../src/cli/receiver.ts";
import type { Event } from "../../src/events.ts";
import { renderRecord } from "../../src/netboot/record.ts";
import { lineFor } from "../../src/report/words.ts";
import { httpServer, type HttpServer } from "../../src/serve/http.ts";
import { SavedModules } from "../../src/serve/saved.ts";
import { readToken } from "../../src/serve/token.ts";
import { uploads } from "../../src/serve/uploads.ts";
import { isRoot } from "../../src/system/host.ts";
import { tryLock } from "../../src/system/lock.ts";
import { never } from "../build/plant.ts";
import { checkout } from "../livewright.ts";
import { fixture, sum } from "./fixture.ts";

const token = "correct-horse-battery-staple";
const limit = 2_000_000;
let folder: string;
let server: HttpServer;
let complete: string[];
let events: Event[];
const started = (silence?: number): Promise<HttpServer> => {
  const saved = new SavedModules(folder);
  const report = (event: Event): void => void events.push(event);
  const told = (name: string): string => {
    complete.push(name);
    return `${name} is whole`;
  };
  const receive = uploads({ saved, token, limit, complete: told });
  return httpServer({ root: "/nowhere", address: "127.0.0.1", port: 0, report, receive, silence });
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "livewright-uploads-"));
  complete = [];
  events = [];
  server = await started();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const content = Buffer.concat([Buffer.from("hsqs"), Buffer.alloc(600_000, "saved")]);
const recordOf = (bytes: Buffer, name = "desk"): string =>
  renderRecord({
    format: 1,
    name,
    chain: `base-${name}`,
    parent: "a".repeat(64),
    sha256: sum(bytes),
    bytes: bytes.length,
    below: ["a".repeat(64)],
    configuration: true,
  });

interface Reply {
  readonly status: number;
  readonly text: string;
}

function put(path: string, body: string | Buffer, headers: Record<string, string> = {}, agent?: Agent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: "127.0.0.1",
        port: server.port,
        method: "PUT",
        path,
        agent,
        headers: {
          authorization: `Bearer ${token}`,
          ...("transfer-encoding" in headers ? {} : { "content-length": Buffer.byteLength(body) }),
          ...headers,
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => (text += piece));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, text });
        });
      },
    );
    asking.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ECONNRESET") reject(error);
    });
    asking.end(body);
  });
}

/** Send a part of an upload. */
function begin(): ClientRequest {
  const asking = request({
    ...{ host: "127.0.0.1", port: server.port, method: "PUT", path: "/saved/desk.squashfs" },
    headers: { authorization: `Bearer ${token}`, "content-length": content.length },
  });
  asking.on("error", () => undefined);
  asking.write(content.subarray(0, 100_000));
  return asking;
}

const kept = (): readonly string[] => readdirSync(folder).sort();

test("a record of another module than the one it is sent for is refused", async () => {
  expect(await put("/saved/harmless.module", recordOf(content, "room12"))).toMatchObject({
    status: 422,
    text: expect.stringContaining("room12") as string,
  });
  expect(kept()).toEqual([]);
});

test("a module and its record are kept in either order, and then the module is offered", async () => {
  expect(await put("/saved/desk.squashfs", content)).toMatchObject({ status: 201 });
  expect(complete).toEqual([]);
  expect(await put("/saved/desk.module", recordOf(content))).toMatchObject({ status: 201 });
  expect(await put("/saved/other.module", recordOf(content, "other"))).toMatchObject({ status: 201 });
  expect(await put("/saved/other.squashfs", content)).toMatchObject({ status: 201 });
  expect(complete).toEqual(["desk", "other"]);
  expect(kept()).toEqual(["desk.module", "desk.squashfs", "other.module", "other.squashfs"]);
  expect(readFileSync(join(folder, "desk.squashfs")).equals(content)).toBe(true);
  expect(statSync(join(folder, "desk.squashfs")).mode & 0o777).toBe(0o600);
});

test("who asks for something else is told that files are sent here, too", async () => {
  const reply = await fetch(`http://127.0.0.1:${String(server.port)}/saved/desk.squashfs`, { method: "DELETE" });
  expect([reply.status, reply.headers.get("allow")]).toEqual([405, "GET, HEAD, PUT"]);
  expect(await reply.text()).toBe("only GET, HEAD and PUT are answered\n");
});

test("that a module is whole is told after the request that made it so", async () => {
  await put("/saved/desk.module", recordOf(content));
  await put("/saved/desk.squashfs", content);
  await expect
    .poll(() => events.map(lineFor))
    .toEqual([
      expect.stringMatching(/ PUT \/saved\/desk\.module: 201, /),
      expect.stringMatching(/ PUT \/saved\/desk\.squashfs: 201, /),
      "desk is whole",
    ]);
});

test("a record with several faults is one line of the log, with all of them", async () => {
  const { text } = await put("/saved/desk.module", '{"format": 2}');
  expect(text).toMatch(/^the record: format must be 1\nthe record: name must be/);
  await expect.poll(() => events).toHaveLength(1);
  expect(lineFor(events[0]!)).toMatch(
    /^127\.0\.0\.1 http PUT \/saved\/desk\.module: 422, the record: format must be 1; the record: name must be .*$/,
  );
  expect(lineFor(events[0]!)).not.toContain("\n");
});

describe("nothing is kept", () => {
  afterEach(() => {
    expect(kept()).toEqual([]);
  });

  test.each([
    ["without a token", { authorization: "" }],
    ["with a wrong token", { authorization: "Bearer wrong-horse-battery-staple" }],
    ["with a token that only begins right", { authorization: "Bearer correct" }],
    ["with a password instead", { authorization: `Basic ${Buffer.from(token).toString("base64")}` }],
  ])("%s", async (_, headers) => {
    expect(await put("/saved/desk.squashfs", content, headers)).toMatchObject({ status: 401 });
  });

  test.each([
    "/saved/../desk.squashfs",
    "/saved/..%2fdesk.squashfs",
    "/saved/.desk.squashfs",
    "/saved/deep/desk.squashfs",
    "/saved/desk.txt",
    "/saved/Desk.squashfs",
    "/saved/desk",
    "/saved/",
    "/live/desk.squashfs",
    "/saved/de%00sk.squashfs",
    `/saved/${"x".repeat(65)}.squashfs`,
    "/saved/de sk.squashfs".replace(" ", "%20"),
  ])("under the name %s", async (path) => {
    expect(await put(path, content)).toMatchObject({ status: 404 });
  });

  test("of more than the limit, whether it is announced or not", async () => {
    const much = Buffer.concat([Buffer.from("hsqs"), Buffer.alloc(limit)]);
    expect((await put("/saved/desk.squashfs", much, { expect: "100-continue" })).status).toBe(413);
    const silent = { "transfer-encoding": "chunked" };
    expect((await put("/saved/desk.squashfs", much, silent)).status).toBe(413);
  });

  test("of what is no squashfs and no record", async () => {
    expect(await put("/saved/desk.squashfs", "text")).toMatchObject({ status: 422, text: "it is no squashfs\n" });
    expect(await put("/saved/desk.module", "{}")).toMatchObject({ status: 422 });
    expect(await put("/saved/desk.module", Buffer.alloc(200_000, " "))).toMatchObject({ status: 413 });
  });

  /** An upload of which a part has come. */
  const begun = async (): Promise<ClientRequest> => {
    const asking = begin();
    await expect.poll(() => kept().length).toBe(1);
    return asking;
  };

  test("of a connection that breaks", async () => {
    const asking = await begun();
    asking.destroy();
    await expect.poll(kept).toEqual([]);
  });

  test("when the server ends meanwhile", async () => {
    await begun();
    await server[Symbol.asyncDispose]();
  });
});

test("what does not fit the record that is there is refused, and so is a record of something else", async () => {
  const other = Buffer.concat([content, Buffer.from("more")]);
  await put("/saved/desk.module", recordOf(content));
  expect(await put("/saved/desk.squashfs", other)).toMatchObject({ status: 422 });
  expect(kept()).toEqual(["desk.module"]);
  await put("/saved/desk.squashfs", content);
  await put("/saved/lone.squashfs", content);
  expect(await put("/saved/lone.module", recordOf(other, "lone"))).toMatchObject({ status: 422 });
  expect(kept()).toEqual(["desk.module", "desk.squashfs", "lone.squashfs"]);
});

test("what is there is replaced only by who asks for it, and its old record goes with it", async () => {
  const newer = Buffer.concat([content, Buffer.from("newer")]);
  await put("/saved/desk.squashfs", content);
  await put("/saved/desk.module", recordOf(content));
  expect(await put("/saved/desk.squashfs", newer)).toMatchObject({ status: 409 });
  expect(readFileSync(join(folder, "desk.squashfs")).equals(content)).toBe(true);
  expect(await put("/saved/desk.squashfs", newer, { "if-match": "*" })).toMatchObject({ status: 201 });
  expect(kept()).toEqual(["desk.squashfs"]);
  expect(await put("/saved/desk.module", recordOf(newer))).toMatchObject({ status: 201 });
});

test("what is not there is not replaced: neither a module nor the record that went with one", async () => {
  const replacing = { "if-match": "*" };
  const reply = { status: 412, text: expect.stringContaining("without the header If-Match") as string };
  expect(await put("/saved/desk.squashfs", content, replacing)).toMatchObject(reply);
  expect(kept()).toEqual([]);
  await put("/saved/desk.squashfs", content);
  await put("/saved/desk.module", recordOf(content));
  await put("/saved/desk.squashfs", content, replacing);
  expect(await put("/saved/desk.module", recordOf(content), replacing)).toMatchObject(reply);
  expect(kept()).toEqual(["desk.squashfs"]);
});

test("who asks before he sends is refused before he has sent, when that is not there or there already", async () => {
  await put("/saved/desk.squashfs", content);
  const answers = [["desk", {}] as const, ["other", { "if-match": "*" }] as const].map(async ([name, headers]) => {
    const asking = request({
      ...{ host: "127.0.0.1", port: server.port, method: "PUT", path: `/saved/${name}.squashfs` },
      headers: { ...headers, authorization: `Bearer ${token}`, expect: "100-continue", "content-length": 1_000_000 },
    });
    const answer = new Promise((resolve, reject) => {
      asking.on("response", ({ statusCode }) => {
        resolve(statusCode);
        asking.destroy();
      });
      asking.on("continue", () => {
        resolve("go on");
      });
      asking.on("error", reject);
    });
    asking.flushHeaders();
    return answer;
  });
  expect(await Promise.all(answers)).toEqual([409, 412]);
});

test("two at once cannot write the same module", async () => {
  const both = await Promise.all([put("/saved/desk.squashfs", content), put("/saved/desk.squashfs", content)]);
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
});

describe("a server that gives up who is silent", () => {
  const silence = 300;
  beforeEach(async () => {
    await server[Symbol.asyncDispose]();
    server = await started(silence);
  });

  test("answers who has sent everything, however long the disk then takes", async () => {
    // Reading a pipe takes as long as its writer pleases.
    execFileSync("mkfifo", [join(folder, "desk.module")]);
    const reply = put("/saved/desk.squashfs", content);
    await new Promise((resolve) => setTimeout(resolve, 3 * silence));
    await writeFile(join(folder, "desk.module"), recordOf(content));
    expect(await reply).toMatchObject({ status: 201 });
  }, 10_000);

  test("gives up who stops in the middle", async () => {
    const asking = begin();
    const ended = new Promise((resolve) => asking.on("error", resolve));
    expect(await ended).toMatchObject({ code: "ECONNRESET" });
    await expect.poll(kept).toEqual([]);
  }, 10_000);

  test("gives up who says nothing more after the answer", async () => {
    const agent = new Agent({ keepAlive: true });
    const first = await put("/saved/desk.squashfs", content, {}, agent);
    const [socket] = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
    const closed = new Promise((resolve) => socket?.once("close", resolve));
    expect(first.status).toBe(201);
    await closed;
    agent.destroy();
  }, 15_000);
});

describe("the folder of a server", () => {
  const draft = ".desk.squashfs.1234.partial";
  const start = async () => {
    writeFileSync(join(folder, "token"), token, { mode: 0o600 });
    const wish = { uploads: join(folder, "saved"), tokenFile: join(folder, "token"), uploadLimit: limit };
    return receiver("/nowhere", wish, { signal: never() });
  };
  const inside = (): readonly string[] => readdirSync(join(folder, "saved")).filter((name) => name !== ".lock");

  test("is told as one pastes it anywhere, when a module in it is whole", async () => {
    writeFileSync(join(folder, "token"), token, { mode: 0o600 });
    const saved = relative(process.cwd(), join(folder, "saved"));
    const wish = { uploads: saved, tokenFile: join(folder, "token"), uploadLimit: limit };
    await using taking = await receiver("/no where", wish, { signal: never() });
    await server[Symbol.asyncDispose]();
    const report = (event: Event): void => void events.push(event);
    server = await httpServer({ root: "/", address: "127.0.0.1", port: 0, report, receive: taking!.receive });
    await put("/saved/desk.squashfs", content);
    await put("/saved/desk.module", recordOf(content));
    await expect
      .poll(() => events.at(-1))
      .toEqual({
        kind: "note",
        text: `desk is whole. To serve it: livewright stack ${folder}/saved/desk.squashfs --in '/no where'`,
      });
  });

  test("has nothing left of what one that was killed had half-written", async () => {
    await (await start())![Symbol.asyncDispose]();
    for (const name of [draft, "mine.partial"]) writeFileSync(join(folder, "saved", name), "half");
    await using _server = await start();
    expect(inside()).toEqual(["mine.partial"]);
  });

  test("is refused to a second one, which leaves alone what is being sent to the first", async () => {
    {
      await using _first = await start();
      writeFileSync(join(folder, "saved", draft), "half");
      await expect(start()).rejects.toMatchObject({
        code: "busy",
        message: expect.stringContaining(join(folder, "saved")) as string,
        remedy: expect.stringContaining("--uploads") as string,
      });
      expect(inside()).toEqual([draft]);
    }
    await using _second = await start();
    expect(inside()).toEqual([]);
  });

  test("may be changed meanwhile by who locks it for that, as builds do", async () => {
    await using _server = await start();
    await using free = await tryLock(join(folder, "saved"), never());
    expect(free).toBeDefined();
  });
});

describe("a token", () => {
  const file = (): string => join(folder, "token");

  test("is read from a file of its owner's", async () => {
    writeFileSync(file(), `${token}\n`, { mode: 0o600 });
    expect(await readToken(file())).toBe(token);
  });

  test.each([0o640, 0o604, 0o660])("is refused when others may read its file, mode %o", async (mode) => {
    writeFileSync(file(), token);
    chmodSync(file(), mode);
    await expect(readToken(file())).rejects.toMatchObject({ code: "refused" });
  });

  describe.runIf(isRoot())("of somebody else", () => {
    beforeEach(() => {
      writeFileSync(file(), token, { mode: 0o600 });
      chownSync(file(), 1234, 1234);
    });

    test("is read when it is that of who called us by sudo", async () => {
      expect(await readToken(file(), { SUDO_UID: "1234" })).toBe(token);
    });

    test.each([{}, { SUDO_UID: "1235" }, { SUDO_UID: "" }, { SUDO_UID: "1234x" }])(
      "is refused with a remedy otherwise, as with %j",
      async (env) => {
        await expect(readToken(file(), env)).rejects.toMatchObject({
          code: "refused",
          remedy: `sudo chown root ${file()}`,
        });
      },
    );
  });

  test.each(["", "short", "two words of some length"])("is refused when it is %j", async (text) => {
    writeFileSync(file(), text, { mode: 0o600 });
    await expect(readToken(file())).rejects.toMatchObject({ code: "usage" });
  });

  test("that is a folder is told so, and no rights to it are taken away", async () => {
    await expect(readToken(folder)).rejects.toMatchObject({
      code: "usage",
      message: `${folder} is a folder, and no file that holds a token`,
      remedy: "name the file in it",
    });
    chmodSync(folder, 0o755);
    await expect(readToken(folder)).rejects.toMatchObject({ code: "usage" });
  });

  test("that is not there is told", async () => {
    await expect(readToken(file())).rejects.toMatchObject({ code: "usage" });
  });
});

test("an upload that Ctrl-C cuts off leaves nothing half-written", async () => {
  using served = fixture();
  writeFileSync(join(folder, "token"), token, { mode: 0o600 });
  const saved = join(folder, "saved");
  const child = spawn(process.execPath, [
    `${checkout}/dist/main.js`,
    ...["serve", served.served, "--http-port", "18099", "--address", "127.0.0.99"],
    ...["--uploads", saved, "--token-file", join(folder, "token")],
  ]);
  let out = "";
  child.stdout.on("data", (piece: Buffer) => (out += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (out += piece.toString()));
  await expect.poll(() => out, { timeout: 15_000 }).toContain("Ready: ");
  const asking = request({
    ...{ host: "127.0.0.99", port: 18_099, method: "PUT", path: "/saved/desk.squashfs" },
    headers: { authorization: `Bearer ${token}`, "content-length": content.length },
  });
  asking.on("error", () => undefined);
  asking.write(content.subarray(0, 100_000));
  const inside = (): readonly string[] => readdirSync(saved).filter((name) => name !== ".lock");
  await expect.poll(() => existsSync(saved) && inside().length).toBe(1);
  child.kill("SIGINT");
  const status = await new Promise((resolve) => child.on("close", resolve));
  expect(status).toBe(130);
  expect(inside()).toEqual([]);
});
