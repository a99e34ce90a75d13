import { stat } from "node:fs/promises";
import type { Telling } from "../archive/obtain.ts";
import { shipped, type Place } from "../command.ts";
import { draw } from "../look/draw.ts";
import { dress } from "../look/dress.ts";
import { seekingScript } from "../look/grub.ts";
import type { MediumRecord } from "../medium.ts";
import type { Limit, Step } from "../plan/stage.ts";
import { concatenate, copyAll, link, readText, write } from "../system/files.ts";
import { together } from "../system/together.ts";
import { refuseExcess, type Weighed } from "./budget.ts";
import { writeFolderSums } from "./folder.ts";
import { writeNetboot } from "./netboot.ts";
import { checksums, checksumsOf, readDigests, type Digests } from "./checksums.ts";
import { joinLayers } from "./join-layers.ts";
import { judge } from "./judge.ts";
import { locate, spell } from "./locate.ts";
import { attested, provenance } from "./provenance.ts";
import { runStep, type Performance } from "./run-step.ts";
import { sealLayer } from "./seal-layer.ts";
import { squash } from "./squash.ts";
import type { Stride } from "./strides.ts";
import { verifySquashfs } from "./verify-squashfs.ts";
import { weigh, type Sizes } from "./weigh.ts";

/** Do one step of a stage, or copies that stand beside each other. */
export async function perform(step: Stride, at: Performance): Promise<void> {
  const { signal, cache } = at.site;
  const find = (place: Place): string => locate(place, at);
  const writeDigests = async (file: Place, to: Place): Promise<void> =>
    write(find(to), json(await checksumsOf(find(file), cache.digests)));
  signal.throwIfAborted();
  if (!("do" in step))
    return copyAll(
      step.map(({ from, to }) => ({ from: find(from), to: find(to) })),
      signal,
    );
  switch (step.do) {
    case "run":
      return runStep(step, at);
    case "write":
      return write(find(step.to), spell(step.text, find));
    case "link":
      return link(find(step.from), find(step.to));
    case "freeze":
      return at.site.archive.freeze(telling(at));
    case "fetch":
      return fetch(step, at);
    case "concatenate": {
      const [first, ...others] = step.files;
      return concatenate([find(first), ...others.map(find)], find(step.to));
    }
    case "seal-layer":
      return seal(step, at);
    case "join-layers": {
      const { layers, tar, manifest } = step;
      await joinLayers({ layers: layers.map(find), tar: find(tar), manifest: find(manifest), signal });
      return;
    }
    case "weigh": {
      const sizes = await weigh({
        layers: step.layers.map(({ name, stage }) => ({ name, folder: find(stage) })),
        inventory: find(step.inventory),
      });
      return write(find(step.to), json(sizes));
    }
    case "budget": {
      const sizes = await readSizes(find(step.sizes));
      const weighed = await Promise.all(step.limits.map((limit) => weighedOf(limit, sizes, find)));
      refuseExcess(weighed, sizes);
      return;
    }
    case "provenance":
      return write(find(step.to), json(await provenance(step, at)));
    case "attest":
      return write(find(step.to), json(await attested(step, find, cache.digests)));
    case "squash":
      return squash(step, at);
    case "verify-squashfs":
      await together([
        verifySquashfs({ image: find(step.image), manifest: find(step.manifest), signal }),
        writeDigests(step.image, step.digests),
      ]);
      return;
    case "paint":
      return draw({
        painter: find(shipped("dist/parts/painter.js")),
        theme: find(step.theme),
        tree: find(step.to),
        signal,
      });
    case "dress": {
      const { menu, marker } = step;
      const folders = {
        theme: find(step.theme),
        isolinux: find(step.isolinux),
        grub: find(step.grub),
        tree: find(step.tree),
      };
      return dress({ menu, marker, ...folders, signal });
    }
    case "seek":
      return write(find(step.to), await seekingScript(find(step.grub), step.marker));
    case "record": {
      const record: MediumRecord = { ...step.record, kernel: (await readText(find(step.kernel))).trim() };
      return write(find(step.to), json(record));
    }
    case "checksums":
      return checksums(find(step.tree), {
        except: step.except,
        known: await knownDigests(step.known, find),
        digests: cache.digests,
        signal,
      });
    case "digest":
      return writeDigests(step.file, step.to);
    case "netboot":
      return writeNetboot(step, find, signal);
    case "folder-sums":
      return writeFolderSums(find(step.tree), await knownDigests(step.known, find), signal);
    case "audit":
      return judge(step, find, at);
  }
}

async function knownDigests(
  known: Readonly<Record<string, Place>>,
  find: (place: Place) => string,
): Promise<ReadonlyMap<string, Digests>> {
  const read = async ([path, place]: [string, Place]): Promise<[string, Digests]> => [
    path,
    await readDigests(find(place)),
  ];
  return new Map(await Promise.all(Object.entries(known).map(read)));
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const readSizes = async (path: string): Promise<Sizes> => JSON.parse(await readText(path)) as Sizes;

async function weighedOf(limit: Limit, sizes: Sizes, find: (place: Place) => string): Promise<Weighed> {
  switch (limit.of) {
    case "iso":
      return { ...limit, what: "the ISO", bytes: (await stat(find(limit.file))).size };
    case "root":
      return { ...limit, what: "the root filesystem", bytes: sizes.root };
    case "layer": {
      const layer = sizes.layers.find(({ name }) => name === limit.layer);
      return { ...limit, what: `the layer ${limit.layer}`, bytes: layer?.files ?? 0 };
    }
  }
}

async function fetch(step: Extract<Step, { do: "fetch" }>, at: Performance): Promise<void> {
  const { archive } = at.site;
  const packages = await archive.fetch(await readText(locate(step.wanted, at)), telling(at));
  if (step.to !== undefined) await archive.lay(packages, locate(step.to, at));
}

const telling = ({ site, stage }: Performance): Telling => ({
  signal: site.signal,
  line: (text) => {
    site.log(stage.name, text);
  },
  progress: (text) => {
    site.report({ kind: "progress", stage: stage.name, text });
  },
  warn: (text) => {
    site.report({ kind: "warning", text });
  },
});

async function seal(step: Extract<Step, { do: "seal-layer" }>, at: Performance): Promise<void> {
  const { site, stage } = at;
  const [upper, tar, manifest] = [step.upper, step.tar, step.manifest].map((place) => locate(place, at)) as [
    string,
    string,
    string,
  ];
  const { aclsRemoved } = await sealLayer({
    upper,
    tar,
    manifest,
    epoch: step.epoch,
    signal: site.signal,
    onLine: (line) => {
      site.log(stage.name, line);
    },
  });
  for (const path of aclsRemoved)
    site.log(stage.name, `access control list left out, squashfs has no place for it: ${path}`);
  if (aclsRemoved.length > 0)
    site.report({
      kind: "note",
      text: `${stage.name}: ${String(aclsRemoved.length)} access control lists left out, which squashfs cannot hold; the log lists them`,
    });
}
