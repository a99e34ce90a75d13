import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Pool } from "../../src/archive/pool.ts";
import { source } from "../../src/command.ts";
import { Failure } from "../../src/failure.ts";
import type { ArchiveFacts } from "../../src/plan/facts.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { surveyArchive } from "../../src/survey/archive.ts";
import { releaseText, serve, Signer, type Key } from "./fixture.ts";

let signer: Signer;
let good: Key;
let stranger: Key;
let expired: Key;
let cache: string;

beforeAll(() => {
  signer = new Signer();
  good = signer.key("archive");
  stranger = signer.key("stranger");
  expired = signer.key("expired", { expired: true });
  cache = mkdtempSync(join(tmpdir(), "livewright-cache-"));
});
afterAll(() => {
  signer[Symbol.dispose]();
  rmSync(cache, { recursive: true });
});

/** A recipe for another archive than Debian's; only what the survey of archives reads. */
function recipeFor(url: string, keyring: string, more: Partial<Recipe> = {}, checkValidUntil = true): Recipe {
  return {
    suite: "fixture",
    architecture: "amd64",
    components: ["main"],
    firmware: false,
    mirrors: { build: "auto", image: url, security: url },
    archive: { url, suite: "fixture", keyring: source("recipe", basename(keyring)) },
    checkValidUntil,
    repositories: [],
    ...more,
  } as Recipe;
}

interface Told {
  readonly facts?: ArchiveFacts;
  readonly failure?: Failure;
  readonly warnings: readonly string[];
}

/** What becomes of a survey when the archive serves `file` as its InRelease. */
async function surveyOf(file: string, keyring = good.binary, more: Partial<Recipe> = {}, check = true): Promise<Told> {
  await using archive = await serve({ "/debian/dists/fixture/InRelease": file });
  const warnings: string[] = [];
  try {
    const facts = await surveyArchive({
      recipe: recipeFor(`${archive.url}/debian/`, keyring, more, check),
      roots: { recipe: dirname(keyring) },
      cache,
      warn: (text) => warnings.push(text),
      signal: AbortSignal.timeout(20_000),
    });
    return { facts, warnings };
  } catch (error) {
    if (error instanceof Failure) return { failure: error, warnings };
    throw error;
  }
}

const signed = (fields: Readonly<Record<string, string>> = {}, key = good): string =>
  signer.sign(releaseText(fields), key);

test("a rightly signed archive becomes facts", async () => {
  const date = "Sat, 11 Jul 2020 10:16:37 UTC";
  const { facts } = await surveyOf(signed({ Date: date }));
  expect(facts).toMatchObject({ codename: "fixture", release: "7", epoch: 1594462597 });
  expect(facts?.releases).toEqual([
    {
      role: "main",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/debian$/),
      suite: "fixture",
      components: ["main"],
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      keyring: expect.stringMatching(/\/keyrings\/[0-9a-f]{64}\.gpg$/),
      date: 1594462597,
    },
  ]);
});

test("a keyring in ASCII armour does as well as a binary one, and becomes one that apt reads", async () => {
  const text = signed();
  const [binary, armoured] = [await surveyOf(text, good.binary), await surveyOf(text, good.armoured)];
  expect(armoured.facts?.releases[0]?.keyring).toBe(binary.facts?.releases[0]?.keyring);
});

test("one trusted signature among several is enough", async () => {
  const text = signer.sign(releaseText(), stranger, ["--local-user", good.name]);
  expect((await surveyOf(text)).facts?.codename).toBe("fixture");
});

const afternoon = "Sat, 11 Jul 2020 16:16:37 UTC";

const refused: readonly (readonly [string, () => string, string, RegExp])[] = [
  [
    "signed by a key that the keyring does not hold",
    () => signed({}, stranger),
    "verification-failed",
    /key that the keyring does not hold/,
  ],
  ["not signed at all", () => releaseText(), "verification-failed", /it is not signed/],
  [
    "changed after it was signed",
    () => signed().replace("Codename: fixture", "Codename: fixtura"),
    "verification-failed",
    /bad signature/,
  ],
  [
    "followed by more text",
    () => `${signed()}\nCodename: fixture\n`,
    "verification-failed",
    /text after the signature/,
  ],
  [
    "preceded by more text",
    () => `Codename: fixture\n\n${signed()}`,
    "verification-failed",
    /text before what is signed/,
  ],
  [
    "made of two signed texts",
    () => `${signed()}${signed()}`,
    "verification-failed",
    /more, or less, than one signed text/,
  ],
  ["cut off", () => signed().slice(0, -200), "verification-failed", /more, or less, than one signed text/],
  [
    "signed with SHA-1",
    () => signer.sign(releaseText(), good, ["--digest-algo", "SHA1", "--weak-digest", "MD5"]),
    "verification-failed",
    /weak hash/,
  ],
  [
    "past its Valid-Until",
    () => signed({ Date: "Fri, 10 Jul 2020 16:16:37 UTC", "Valid-Until": afternoon }),
    "refused",
    /expired on 2020-07-11 16:16 UTC .*clock/,
  ],
  [
    "dated in the future",
    () => signed({ Date: new Date(Date.now() + 86_400_000).toUTCString() }),
    "host-unready",
    /not valid yet/,
  ],
  ["without a date", () => signed({ Date: "" }), "verification-failed", /no Date/],
  ["with a date that is none", () => signed({ Date: "yesterday" }), "verification-failed", /no date: yesterday/],
  [
    "of another suite",
    () => signed({ Suite: "other", Codename: "elsewhere" }),
    "verification-failed",
    /asked for fixture and calls itself elsewhere, other/,
  ],
  [
    "without the component",
    () => signed({ Components: "contrib" }),
    "recipe-invalid",
    /no component main; it has contrib/,
  ],
  ["without the architecture", () => signed({ Architectures: "arm64" }), "recipe-invalid", /no amd64; it has arm64/],
  ["a login page of the network", () => "<!DOCTYPE html><html>Welcome</html>", "transient", /login page/],
];

test.each(refused)("an archive is refused that is %s", async (_, file, code, says) => {
  const { failure, facts } = await surveyOf(file());
  expect(facts).toBeUndefined();
  expect(failure?.message).toMatch(says);
  expect(failure?.code).toBe(code);
});

test("an expired key's signature is refused, although it was good when it was made", async () => {
  const text = signer.sign(releaseText(), expired, ["--faked-system-time", "20200101T120000"]);
  const { failure } = await surveyOf(text, expired.binary);
  expect(failure).toMatchObject({
    code: "verification-failed",
    message: expect.stringContaining("signed with an expired key"),
  });
  expect(failure?.message).toContain(`signed by nobody whom ${expired.binary} names`);
});

test("a revoked key's signature is refused", async () => {
  const key = signer.key("revoked");
  const text = signed({}, key);
  signer.revoke(key);
  const { failure } = await surveyOf(text, key.binary);
  expect(failure).toMatchObject({
    code: "verification-failed",
    message: expect.stringContaining("signed with a revoked key"),
  });
});

test("an expired archive is accepted, with a warning, when the recipe says so", async () => {
  const text = signed({ Date: "Fri, 10 Jul 2020 16:16:37 UTC", "Valid-Until": afternoon });
  const { facts, warnings } = await surveyOf(text, good.binary, {}, false);
  expect(facts?.codename).toBe("fixture");
  expect(warnings).toEqual([expect.stringMatching(/expired on 2020-07-11 16:16 UTC/)]);
});

test("fields after the signed text's end are never read, even if a reader of the whole file would", async () => {
  const text = signed({ Codename: "" }).replace(
    "-----BEGIN PGP SIGNATURE-----",
    "Codename: evil\n-----BEGIN PGP SIGNATURE-----",
  );
  expect((await surveyOf(text)).failure?.code).toBe("verification-failed");
});

test("a suite that the archive does not have is the recipe's fault, named", async () => {
  await using archive = await serve({});
  const wish = { roots: { recipe: signer.folder }, cache, warn: () => undefined, signal: AbortSignal.timeout(20_000) };
  const asked = surveyArchive({ ...wish, recipe: recipeFor(archive.url, good.binary) });
  await expect(asked).rejects.toMatchObject({
    code: "recipe-invalid",
    message: expect.stringContaining("has no suite fixture"),
  });
});

test("an archive in a folder of this host is read like any other", async () => {
  const folder = join(signer.folder, "mirror");
  mkdirSync(join(folder, "dists/fixture"), { recursive: true });
  writeFileSync(join(folder, "dists/fixture/InRelease"), signed());
  const wish = { roots: { recipe: signer.folder }, cache, warn: () => undefined, signal: AbortSignal.timeout(20_000) };
  const facts = await surveyArchive({ ...wish, recipe: recipeFor(`file://${folder}`, good.binary) });
  expect(facts.releases[0]?.url).toBe(`file://${folder}`);
  const asked = surveyArchive({ ...wish, recipe: recipeFor(`file://${folder}/nowhere`, good.binary) });
  await expect(asked).rejects.toMatchObject({ code: "recipe-invalid" });
});

test("an archive that cannot be reached may be there tomorrow", async () => {
  const wish = { roots: { recipe: signer.folder }, cache, warn: () => undefined, signal: AbortSignal.timeout(20_000) };
  const asked = surveyArchive({ ...wish, recipe: recipeFor("http://127.0.0.1:9/debian", good.binary) });
  await expect(asked).rejects.toMatchObject({
    code: "transient",
    message: expect.stringMatching(/could not be fetched: .*refused/i),
  });
});

test("an archive that is overloaded is asked again, and may serve later", async () => {
  await using archive = await serve((_, response) => response.writeHead(503).end());
  const wish = { roots: { recipe: signer.folder }, cache, warn: () => undefined, signal: AbortSignal.timeout(25_000) };
  await expect(surveyArchive({ ...wish, recipe: recipeFor(archive.url, good.binary) })).rejects.toMatchObject({
    code: "transient",
  });
  expect(archive.asked).toHaveLength(3);
});

test("an archive that never answers is not waited for once the work is stopped", async () => {
  await using archive = await serve(() => undefined);
  const wish = { roots: { recipe: signer.folder }, cache, warn: () => undefined, signal: AbortSignal.timeout(1_000) };
  const began = performance.now();
  await expect(surveyArchive({ ...wish, recipe: recipeFor(archive.url, good.binary) })).rejects.toMatchObject({
    code: "interrupted",
  });
  expect(performance.now() - began).toBeLessThan(5_000);
});

test("a keyring that is missing or is none is the recipe's fault", async () => {
  const none = join(signer.folder, "none.gpg");
  expect((await surveyOf(signed(), none)).failure).toMatchObject({
    code: "recipe-invalid",
    message: expect.stringContaining("does not exist"),
  });
  writeFileSync(none, "these are not the keys you are looking for");
  expect((await surveyOf(signed(), none)).failure).toMatchObject({
    code: "recipe-invalid",
    message: expect.stringContaining("no OpenPGP keyring"),
  });
});

test("the recipe's own repositories are read and verified with keys of their own", async () => {
  const tools = signer.sign(releaseText({ Codename: "tools", Suite: "tools" }), stranger);
  await using repository = await serve({ "/dists/tools/InRelease": tools });
  const entry = { name: "tools", url: repository.url, suite: "tools", components: ["contrib"] };
  const trusted = { ...entry, key: source("recipe", basename(stranger.armoured)) };
  const { facts } = await surveyOf(signed(), good.binary, { repositories: [trusted] });
  expect(facts?.releases.map(({ role }) => role)).toEqual(["main", "tools"]);
  const untrusted = { ...entry, key: source("recipe", basename(good.armoured)) };
  expect((await surveyOf(signed(), good.binary, { repositories: [untrusted] })).failure?.code).toBe(
    "verification-failed",
  );
});

describe("an archive that was read before", () => {
  const address = "/debian/dists/fixture/InRelease";
  const long = "Sat, 11 Jul 2020 10:16:37 GMT";

  /** Serves a file that changed at `modified`, and says so, or that it has not, as RFC 9110 has it. */
  async function dated(file: string, modified = long) {
    const sent: string[] = [];
    const archive = await serve((request, response) => {
      const unchanged = request.headers["if-modified-since"] === modified;
      sent.push(unchanged ? "304" : "200");
      response.writeHead(unchanged ? 304 : 200, { "Last-Modified": modified }).end(unchanged ? undefined : file);
    });
    const survey = (keyring = good.binary) =>
      surveyArchive({
        recipe: recipeFor(`${archive.url}/debian`, keyring),
        roots: { recipe: dirname(keyring) },
        cache,
        warn: () => undefined,
        signal: AbortSignal.timeout(20_000),
      });
    return { sent, survey, [Symbol.asyncDispose]: () => archive[Symbol.asyncDispose]() };
  }

  test("sends nothing when nothing has changed, and what was kept is verified as always", async () => {
    await using archive = await dated(signed());
    const first = await archive.survey();
    expect(await archive.survey()).toEqual(first);
    expect(archive.sent).toEqual(["200", "304"]);
    await expect(archive.survey(stranger.binary)).rejects.toMatchObject({ code: "verification-failed" });
    expect(archive.sent).toEqual(["200", "304", "304"]);
  });

  test("sends all of it again when what was kept is damaged or gone", async () => {
    await using archive = await dated(signed());
    const { releases } = await archive.survey();
    const kept = new Pool(cache).path(releases[0]!.digest);
    writeFileSync(kept, signed({ Version: "8" }));
    expect((await archive.survey()).releases).toEqual(releases);
    rmSync(kept);
    expect((await archive.survey()).releases).toEqual(releases);
    expect(archive.sent).toEqual(["200", "200", "200"]);
  });

  test("sends all of it again when it had changed just before, for it may have changed once more", async () => {
    await using archive = await dated(signed(), new Date().toUTCString());
    await archive.survey();
    await archive.survey();
    expect(archive.sent).toEqual(["200", "200"]);
  });

  test("and says that nothing has changed although it was not asked, is not believed", async () => {
    await using archive = await serve((_, response) => response.writeHead(304).end());
    const wish = {
      roots: { recipe: signer.folder },
      cache,
      warn: () => undefined,
      signal: AbortSignal.timeout(20_000),
    };
    const asked = surveyArchive({ ...wish, recipe: recipeFor(archive.url, good.binary) });
    await expect(asked).rejects.toMatchObject({ code: "transient" });
  });

  test("is read offline as it was read last", async () => {
    await using archive = await dated(signed());
    const first = await archive.survey();
    const url = first.releases[0]!.url;
    const wish = {
      roots: { recipe: signer.folder },
      cache,
      warn: () => undefined,
      signal: AbortSignal.timeout(20_000),
    };
    expect(await surveyArchive({ ...wish, offline: true, recipe: recipeFor(url, good.binary) })).toEqual(first);
    // Asked once; 304 if another test's server had the same port.
    expect(archive.sent).toHaveLength(1);
  });

  test("is followed to where it has moved, but not for ever", async () => {
    const file = signed();
    await using archive = await serve(({ url = "" }, response) => {
      if (url.startsWith("/circle")) response.writeHead(302, { Location: `/circle${String(Math.random())}` }).end();
      else if (url === `/moved${address}`) response.writeHead(200).end(file);
      else response.writeHead(302, { Location: url.includes("nowhere") ? "/circle" : `/moved${url}` }).end();
    });
    const wish = {
      roots: { recipe: signer.folder },
      cache,
      warn: () => undefined,
      signal: AbortSignal.timeout(20_000),
    };
    const facts = await surveyArchive({ ...wish, recipe: recipeFor(`${archive.url}/debian`, good.binary) });
    expect(facts.codename).toBe("fixture");
    const lost = surveyArchive({ ...wish, recipe: recipeFor(`${archive.url}/nowhere`, good.binary) });
    await expect(lost).rejects.toMatchObject({ code: "transient" });
  });

  test("is asked through the proxy that apt would use", async () => {
    const file = signed();
    await using proxy = await serve({ "http://archive.invalid/debian/dists/fixture/InRelease": file });
    process.env["http_proxy"] = proxy.url;
    const wish = {
      roots: { recipe: signer.folder },
      cache,
      warn: () => undefined,
      signal: AbortSignal.timeout(20_000),
    };
    const facts = await surveyArchive({
      ...wish,
      recipe: recipeFor("http://archive.invalid/debian", good.binary),
    }).finally(() => delete process.env["http_proxy"]);
    expect(facts.codename).toBe("fixture");
  });
});
