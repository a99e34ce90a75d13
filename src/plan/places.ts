import { from, partsOf, shipped, type Arg, type Place } from "../command.ts";
import type { Sandbox, Stage, Step } from "./stage.ts";

/** Every place a stage reads or writes, in the order of its steps. */
export const placesIn = (stage: Stage): readonly Place[] => [
  ...(stage.reaches ?? []),
  ...stage.steps.flatMap(placesOf),
];

/** Names of the stages whose output a stage reads. */
export const readsOf = (stage: Stage): readonly string[] => [
  ...new Set(
    placesIn(stage).flatMap((place) => (place.at === "stage" && place.stage !== stage.name ? [place.stage] : [])),
  ),
];

/** The lists of packages that stages fetch. */
export const wantedIn = (stages: readonly Stage[]): readonly Place[] =>
  stages.flatMap(({ name, steps }) =>
    steps.flatMap((step) => {
      if (step.do !== "fetch") return [];
      return [step.wanted.at === "output" ? from(name, step.wanted.path) : step.wanted];
    }),
  );

/** Programs a stage runs. */
export const toolsIn = (stage: Stage): readonly string[] =>
  stage.steps.flatMap((step) => {
    if (step.do === "squash") return ["mksquashfs"];
    return step.do === "run" ? [step.command.tool, ...(step.command.runs ?? [])] : [];
  });

const partPlaces = (arg: Arg): readonly Place[] => partsOf(arg).filter((part) => typeof part !== "string");

function placesOf(step: Step): readonly Place[] {
  switch (step.do) {
    case "run": {
      const { args, env = {}, input } = step.command;
      return [...args, ...Object.values(env)].flatMap(partPlaces).concat(input ?? [], sandboxPlaces(step.in));
    }
    case "write":
      return [...partPlaces(step.text), step.to];
    case "copy":
      return [step.from, step.to];
    case "freeze":
      return [];
    case "fetch":
      return [step.wanted, ...(step.to === undefined ? [] : [step.to])];
    case "concatenate":
      return [...step.files, step.to];
    case "join-layers":
      return [...step.layers, step.tar, step.manifest];
    case "weigh":
      return [...step.layers.map(({ stage }) => stage), step.inventory, step.to];
    case "budget":
      return [...step.limits.flatMap((limit) => (limit.of === "iso" ? [limit.file] : [])), step.sizes];
    case "provenance":
      return [
        ...step.wanted,
        ...step.files.flatMap(({ file, digests }) => [file, ...(digests === undefined ? [] : [digests])]),
        step.sizes,
        step.to,
      ];
    case "attest":
      return [step.provenance, step.medium, step.to];
    case "seal-layer":
      return [step.upper, step.tar, step.manifest];
    case "squash":
      return [step.squash.tar, step.squash.image, step.manifest];
    case "verify-squashfs":
      return [step.image, step.manifest, step.digests];
    case "paint":
      return [step.theme, step.to];
    case "dress":
      return [step.theme, step.isolinux, step.grub, step.tree];
    case "seek":
      return [step.grub, step.to];
    case "record":
      return [step.kernel, step.to];
    case "link":
      return [step.from, step.to];
    case "digest":
      return [step.file, step.to];
    case "checksums":
      return [step.tree, ...Object.values(step.known)];
    case "netboot":
      return [
        ...step.modules.flatMap(({ image, digests, manifest }) => [image, digests, manifest]),
        ...[step.kernel, step.theme, step.templates.isolinux, step.templates.grub, step.templates.ipxe],
        ...[step.tree, step.to],
      ];
    case "folder-sums":
      return [step.tree, ...Object.values(step.known)];
    case "audit":
      return [step.medium, ...(step.known ?? [])];
  }
}

/** The script that makes a sandbox decides what is seen in it. */
const sandboxPlaces = (sandbox: Sandbox | undefined): readonly Place[] =>
  sandbox === undefined
    ? []
    : [shipped("hooks/enter"), ...sandbox.lowers, ...(sandbox.upper === undefined ? [] : [sandbox.upper])];
