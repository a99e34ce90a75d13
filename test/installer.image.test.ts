import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { build } from "../src/build/build.ts";
import { openLog } from "../src/build/log.ts";
import { prepare, siteOf } from "../src/cli/prepare.ts";
import { from, source } from "../src/command.ts";
import { layerStage } from "../src/plan/layers.ts";
import { installer } from "../src/plan/stages/loaders.ts";
import type { Facts } from "../src/plan/facts.ts";
import type { Plan } from "../src/plan/stage.ts";
import { testCache } from "./livewright.ts";
import { serve, Signer } from "./survey/fixture.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const images = "main/installer-amd64/current/images";
const contents = {
  "netboot/debian-installer/amd64/linux": "a kernel for the text installer",
  "netboot/debian-installer/amd64/initrd.gz": "its initrd",
  "netboot/gtk/debian-installer/amd64/linux": "a kernel for the graphical one",
  "netboot/gtk/debian-installer/amd64/initrd.gz": "the graphical initrd",
};

/** An archive with nothing but installer images in it, whose Release file a throw-away key signed; then `spoil` has its way. */
async function fromArchive(spoil: (files: Record<string, string>) => void): Promise<string> {
  using signer = new Signer();
  const key = signer.key("archive");
  const sums = Object.entries(contents)
    .map(([path, text]) => `${sha256(text)}  ./${path}\n`)
    .join("");
  const listed: [string, string][] = [
    ["main/binary-amd64/Packages", ""],
    [`${images}/SHA256SUMS`, sums],
  ];
  const release = [
    ...[
      "Origin: Fixture",
      "Suite: fixture",
      "Codename: fixture",
      `Date: ${new Date(Date.now() - 3_600_000).toUTCString()}`,
    ],
    ...["Architectures: amd64", "Components: main", "SHA256:"],
    ...listed.map(([path, text]) => ` ${sha256(text)} ${String(text.length)} ${path}`),
  ];
  const files: Record<string, string> = {
    "/dists/fixture/InRelease": signer.sign(`${release.join("\n")}\n`, key),
    ...Object.fromEntries(listed.map(([path, text]) => [`/dists/fixture/${path}`, text])),
    ...Object.fromEntries(Object.entries(contents).map(([path, text]) => [`/dists/fixture/${images}/${path}`, text])),
  };
  spoil(files);
  await using archive = await serve(files);
  return await installed(archive.url, signer.folder);
}

/** The installer stage over the base layer of minimal, with apt reading the fixture archive only. */
async function installed(url: string, keys: string): Promise<string> {
  const session = { signal: new AbortController().signal, print: () => undefined, report: () => undefined };
  const prepared = await prepare("minimal", { set: [], cache: testCache }, session);
  const { recipe } = prepared.loaded;
  const other = { ...recipe, archive: { url, suite: "fixture", keyring: source("keys", "archive.gpg") } };
  const main = { role: "main", url, suite: "fixture", components: ["main"], digest: "", keyring: "", date: 0 };
  const facts: Facts = { ...prepared.facts, archive: { ...prepared.facts.archive, releases: [main] } };
  const base = prepared.plan.stages.filter(({ name }) => name === layerStage("base"));
  const stage = {
    ...installer(other, facts, "mirror"),
    key: `test-${sha256(url + String(Date.now()))}`,
    ingredients: {},
  };
  const withBase: Plan = { ...prepared.plan, artefacts: [{ place: from(layerStage("base"), "tree"), name: "base" }] };
  await using log = await openLog(testCache, "test-installer");
  const site = siteOf(prepared, log, { ...session, keepFailed: false });
  await build(withBase, site);
  const plan: Plan = {
    recipe: "test",
    stages: [...base, stage],
    artefacts: [{ place: from("installer", "files"), name: "installer" }],
  };
  const [made] = await build(plan, { ...site, mirrors: { main: url }, roots: { ...site.roots, keys } });
  return made?.path ?? "";
}

test("the installer's images come from the archive, checked from its signature down to each file", async () => {
  const folder = await fromArchive(() => undefined);
  const names = ["vmlinuz", "initrd.gz", "gtk/vmlinuz", "gtk/initrd.gz"];
  expect(await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).toEqual(Object.values(contents));
});

test("an image that is not what the signed list says is refused", async () => {
  const path = `/dists/fixture/${images}/netboot/gtk/debian-installer/amd64/initrd.gz`;
  await expect(fromArchive((files) => (files[path] = "something else"))).rejects.toMatchObject({ code: "step-failed" });
});

test("a list that is not what the signed Release file says is refused", async () => {
  const path = `/dists/fixture/${images}/SHA256SUMS`;
  await expect(fromArchive((files) => (files[path] = `${files[path] ?? ""}# more\n`))).rejects.toMatchObject({
    code: "step-failed",
  });
});

test("a Release file that somebody else signed is refused", async () => {
  using stranger = new Signer();
  const key = stranger.key("stranger");
  const path = "/dists/fixture/InRelease";
  const resign = (files: Record<string, string>): void => {
    const text = /SHA(?:256|512)\n\n([\s\S]*?)-----BEGIN PGP SIGNATURE/.exec(files[path] ?? "")?.[1] ?? "";
    files[path] = stranger.sign(text, key);
  };
  await expect(fromArchive(resign)).rejects.toMatchObject({
    message: expect.stringMatching(/NO_PUBKEY|not signed/) as string,
  });
});
