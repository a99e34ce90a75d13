import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { attendedSince } from "../../src/build/attendance.ts";
import { cleaned } from "../../src/build/keeping.ts";
import { lock } from "../../src/system/lock.ts";
import { worst, type Done } from "../../src/workshop/carry-out.ts";
import { allChains, changed, held, shop, visibleIn, type Shop } from "./fixture.ts";

const did = ({ outcomes }: Done, what: string): readonly string[] =>
  outcomes.flatMap(({ chain, did: was }) => (was === what ? [chain] : [])).sort();

const console = "base-essential-console";

/** All modules of the fixture made, and the record of that forgotten. */
async function madeShop(): Promise<Shop> {
  const made = await shop();
  await made.carry({});
  made.made();
  return made;
}

test("all images are made, each module once, and nothing but layers and modules", async () => {
  await using work = await shop();
  const done = await work.carry({});
  expect(did(done, "made")).toEqual(allChains());
  const layers = [
    "base",
    "essential",
    "console",
    "lightx",
    "fullx",
    "smtp",
    "settings",
    "settings",
    "settings",
    "settings",
  ];
  expect(work.made()).toEqual(layers.flatMap((layer) => [`layer-${layer}`, `squashfs-${layer}`]).sort());
  expect(await visibleIn(work)).toEqual(
    allChains()
      .flatMap((chain) => [`${chain}.module`, `${chain}.squashfs`])
      .sort(),
  );
  await expect(stat(join(work.folder, "iso-was-made"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("what is taken from the cache is not cleaned away before it is in the folder", async () => {
  await using work = await madeShop();
  const { cache, signal, report } = work.site;
  await rm(work.modules.path, { recursive: true });
  await mkdir(work.modules.path);
  const busy = await lock(work.modules.path, signal, () => undefined);
  const asked = join(work.folder, "locks");
  const script = `#!/bin/sh\necho "$*" >> "${asked}"; exec /usr/bin/flock "$@"\n`;
  await writeFile(join(work.folder, "bin/flock"), script, { mode: 0o755 });
  const carrying = work.carry({});
  while (!(await readFile(asked, "utf8").catch(() => "")).includes(work.modules.path)) await sleep(20);
  const { objects } = await cleaned(work.fresh(), { maxSize: 1, dryRun: false }, { signal, report });
  await busy[Symbol.asyncDispose]();
  expect(objects).toEqual([]);
  expect(did(await carrying, "taken from the cache")).toEqual(allChains());
  expect(await attendedSince(cache, signal)).toBeUndefined();
});

test("a module is one more name of the file in the cache, and its record says what it is and stands on", async () => {
  await using work = await madeShop();
  expect((await stat(work.modules.image(console))).nlink).toBe(2);
  const [base, essential, above] = [
    await work.record("base"),
    await work.record("base-essential"),
    await work.record(console),
  ];
  expect(base).toMatchObject({ name: "base", chain: "base", below: [], configuration: false });
  expect(base).not.toHaveProperty("parent");
  expect(above).toMatchObject({
    name: "console",
    chain: console,
    parent: essential.sha256,
    below: [base.sha256, essential.sha256],
  });
  expect(await work.record(`${console}-smtp`)).toMatchObject({ configuration: true });
});

test("when nothing was touched, nothing is made", async () => {
  await using work = await madeShop();
  expect(did(await work.carry({}), "was current")).toEqual(allChains());
  expect(work.made()).toEqual([]);
});

test("touching one layer makes exactly what stands on it anew, and says why", async () => {
  await using work = await madeShop();
  const { verdicts } = await work.judged({ content: changed("lightx") });
  const why = Object.fromEntries(verdicts.map(({ module, why: [first] }) => [module.chain, first]));
  expect(why[`${console}-lightx`]).toMatch(/^changed: step 1, /);
  expect(why[`${console}-lightx-fullx`]).toBe(`${console}-lightx is made anew`);
  expect(why[console]).toBeUndefined();
  const done = await work.carry({ content: changed("lightx") });
  const dependants = ["-lightx", "-lightx-settings", "-lightx-fullx", "-lightx-fullx-settings"].map(
    (end) => console + end,
  );
  expect(did(done, "made")).toEqual(dependants.sort());
  const layers = ["lightx", "fullx", "settings", "settings"];
  expect(work.made()).toEqual(layers.flatMap((layer) => [`layer-${layer}`, `squashfs-${layer}`]).sort());
  expect(await work.record(`${console}-lightx-fullx`)).toMatchObject({
    parent: (await work.record(`${console}-lightx`)).sha256,
  });
});

test("what the cache has is taken from there, without a build", async () => {
  await using work = await madeShop();
  await work.carry({ content: changed("lightx") });
  work.made();
  const done = await work.carry({});
  expect(did(done, "taken from the cache")).toHaveLength(4);
  expect(work.made()).toEqual([]);
});

describe("with configuration kept", () => {
  const smtp = `${console}-smtp`;

  test("an image that holds only configuration is restacked when its base changes, and its squashfs stays", async () => {
    await using work = await madeShop();
    const before = await stat(work.modules.image(smtp));
    const done = await work.carry({ content: changed("console"), keep: true });
    expect(did(done, "restacked")).toEqual([smtp, `${smtp}-settings`]);
    expect(work.made().filter((stage) => stage.includes("smtp"))).toEqual([]);
    expect((await stat(work.modules.image(smtp))).ino).toBe(before.ino);
    const base = await work.record(console);
    expect(await work.record(smtp)).toMatchObject({ parent: base.sha256, below: [...base.below, base.sha256] });
    expect((await work.record(`${smtp}-settings`)).below).toHaveLength(4);
  });

  test("it is current afterwards, and made anew as soon as it is not kept", async () => {
    await using work = await madeShop();
    const content = changed("console");
    await work.carry({ content, keep: true });
    expect(did(await work.carry({ content, keep: true }), "was current")).toEqual(allChains());
    expect(did(await work.carry({ content }), "made")).toEqual([smtp, `${smtp}-settings`]);
  });

  test("what it hides of the new base is told, and it is made anew", async () => {
    await using work = await shop();
    const hiding = { ...held, smtp: { path: "usr/console", content: "smtp's own" } };
    await work.carry({ content: hiding });
    work.made();
    const done = await work.carry({ content: { ...hiding, console: changed("console")["console"]! }, keep: true });
    expect(did(done, "restacked")).toEqual([]);
    expect(did(done, "made")).toContain(smtp);
    const notes = work.events.flatMap((event) => (event.kind === "note" ? [event.text] : []));
    expect(notes).toContain(
      `${smtp} cannot be restacked and is made anew: usr/console: it has other content in the base, and the module has its own file`,
    );
  });

  test("it is made anew when it was itself touched, and when it holds packages", async () => {
    await using work = await madeShop();
    const touched = { ...changed("console"), smtp: { ...held["smtp"]!, content: "2" } };
    expect(did(await work.carry({ content: touched, keep: true }), "restacked")).toEqual([]);
  });

  test("it is made anew when something stands on it that is", async () => {
    await using work = await shop();
    // lightx holds only configuration here, and fullx, which stands on it, installs packages.
    const content = { ...held, lightx: { path: "etc/lightx", content: "1" } };
    await work.carry({ content });
    work.made();
    const done = await work.carry({ content: { ...content, console: changed("console")["console"]! }, keep: true });
    expect(did(done, "restacked")).toEqual([smtp, `${smtp}-settings`]);
    expect(did(done, "made")).toContain(`${console}-lightx`);
  });

  test("nothing of what was set aside is left", async () => {
    await using work = await madeShop();
    await work.carry({ content: changed("console"), keep: true });
    await expect(stat(join(work.modules.path, ".made/replaced"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("a failing image", () => {
  test("leaves alone what stands on it, and the others are made all the same", async () => {
    await using work = await shop();
    const { outcomes, failures } = await work.carry({ content: changed("lightx", { content: "broken" }) });
    const done = { outcomes, failures };
    expect(did(done, "failed")).toEqual([`${console}-lightx`]);
    expect(did(done, "left")).toEqual(
      ["-lightx-settings", "-lightx-fullx", "-lightx-fullx-settings"].map((end) => console + end).sort(),
    );
    expect(did(done, "made")).toEqual(allChains(["console", "smtp"]));
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^lightx: layer-lightx: .*\nit is broken\n/s),
    ]);
    expect(worst(failures)).toMatchObject({ code: "step-failed" });
  });

  test("is told with the others, and the worst gives the status", async () => {
    await using work = await shop();
    const { failures } = await work.carry({
      content: { ...changed("lightx", { content: "broken" }), smtp: { ...held["smtp"]!, content: "broken" } },
    });
    expect(failures).toHaveLength(2);
    expect(worst(failures)?.message).toMatch(/^lightx: [^]*^smtp: /m);
  });

  test("keeps its old module until the new one is there", async () => {
    await using work = await madeShop();
    const before = await readFile(work.modules.record(`${console}-lightx`), "utf8");
    await work.carry({ content: changed("lightx", { content: "broken" }) });
    expect(await readFile(work.modules.record(`${console}-lightx`), "utf8")).toBe(before);
  });
});

test("two runs into one folder at a time leave one whose modules fit each other", async () => {
  await using work = await shop();
  await Promise.all([work.carry({ names: ["console", "smtp"] }), work.carry({ names: ["console", "lightx"] })]);
  expect(did(await work.carry({ names: ["console", "smtp", "lightx"] }), "was current")).toEqual(
    allChains(["console", "smtp", "lightx"]),
  );
});

test("a stop ends everything", async () => {
  await using work = await shop();
  const carried = work.carry({});
  work.stop.abort(new Error("stopped"));
  await expect(carried).rejects.toThrow();
  expect(await work.left()).toEqual([]);
});

describe("a module whose parts do not fit each other counts as not made:", () => {
  const spoilers: readonly (readonly [string, (work: Shop) => Promise<void>, RegExp])[] = [
    ["its file is another", (work) => replaced(work.modules.image(console), "spoilt"), /not as they were made/],
    ["its file is gone", (work) => rm(work.modules.image(console)), /part of it is missing/],
    ["its record is gone", (work) => rm(work.modules.record(console)), /part of it is missing/],
    ["its record cannot be read", (work) => writeFile(work.modules.record(console), "{"), /part of it is missing/],
    [
      "a run was killed before the record was written",
      async (work) => {
        const before = await readFile(work.modules.record(console), "utf8");
        await work.carry({ content: changed("console"), only: [console, "base-essential", "base"] });
        await writeFile(work.modules.record(console), before);
        await work.carry({ only: ["base"] });
      },
      /changed: step 1/,
    ],
  ];
  test.each(spoilers)("%s", async (_, spoil, why) => {
    await using work = await madeShop();
    await spoil(work);
    const { verdicts } = await work.judged({});
    expect(verdicts.find(({ module }) => module.chain === console)).toMatchObject({
      fate: "take",
      why: expect.arrayContaining([expect.stringMatching(why)]) as string[],
    });
    await work.carry({});
    expect(did(await work.carry({}), "was current")).toEqual(allChains());
  });
});

describe("a run that ends while it puts a module there leaves one that the next run makes, when it could not write", () => {
  /** A folder that is not empty gives no file its name. */
  const obstacles: readonly (readonly [string, (work: Shop) => string])[] = [
    ["what the module was made of", (work) => join(work.modules.path, `.made/${console}.json.partial`)],
    ["the module", (work) => `${work.modules.image(console)}.partial`],
    ["its record", (work) => `${work.modules.record(console)}.partial`],
  ];
  const stopped = async (work: Shop, obstacle: string, wish: Parameters<Shop["carry"]>[0]): Promise<void> => {
    await mkdir(join(obstacle, "in the way"), { recursive: true });
    await expect(work.carry(wish)).rejects.toThrow();
    await rm(obstacle, { recursive: true });
  };

  test.each(obstacles)("%s for the first time", async (_, obstacle) => {
    await using work = await shop();
    await stopped(work, obstacle(work), { names: ["console"] });
    expect(await work.modules.standing(console)).toMatchObject({ is: "absent" });
    await work.carry({ names: ["console"] });
    expect(did(await work.carry({ names: ["console"] }), "was current")).toEqual(allChains(["console"]));
  });

  test.each(obstacles)("%s anew", async (_, obstacle) => {
    await using work = await shop();
    await work.carry({ names: ["console"] });
    const wish = { names: ["console"], content: changed("console") };
    await stopped(work, obstacle(work), wish);
    expect(await work.modules.standing(console)).toMatchObject({ is: "ours" });
    expect(did(await work.carry(wish), "taken from the cache")).toContain(console);
    expect(did(await work.carry(wish), "was current")).toEqual(allChains(["console"]));
  });
});

/** In place of the file, since its bytes are the cache's too. */
async function replaced(path: string, text: string): Promise<void> {
  await rm(path);
  await writeFile(path, text);
}

test("what another hand put there is known for that", async () => {
  await using work = await madeShop();
  await rm(join(work.modules.path, `.made/${console}.json`));
  expect(await work.modules.standing(console)).toMatchObject({ is: "strange" });
});
