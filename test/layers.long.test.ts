import { join } from "node:path";
import { expect, test } from "vitest";
import { fourLayers } from "./four-layers.ts";
import { boots } from "./machine/boots.ts";
import { builtIso, recipeFolder } from "./workshop.ts";

test.each(["layers", "single"])(
  "deletions, replacements, a rename and a capability are right as %s",
  async (modules) => {
    await using folder = await fourLayers();
    const iso = await builtIso(join(folder.path, "recipe.yaml"), "--set", `squashfs.modules=${modules}`);
    const verdict = await boots(iso, { firmware: "bios", medium: "cd", seconds: 1800 });
    expect(verdict.findings.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict, verdict.reason).toMatchObject({ passed: true });
  },
);

test.each(["bookworm", "trixie"])("a chain of forty layers boots with %s, each layer in its place", async (suite) => {
  const at = Array.from({ length: 40 }, (_, index) => index + 1);
  await using folder = await recipeFolder({
    "recipe.yaml": [
      "name: forty",
      "extends: minimal",
      `suite: ${suite}`,
      "layers:",
      ...at.map((number) => `  - { name: layer-number-${String(number)}, hooks: [hooks/count] }`),
      'checks: ["test $(wc -l < /opt/count) = 40"]',
      "",
    ].join("\n"),
    "hooks/count": '#!/bin/sh\necho counted >> "$1/opt/count"\n',
  });
  const iso = await builtIso(join(folder.path, "recipe.yaml"));
  const verdict = await boots(iso, { firmware: "bios", medium: "cd", seconds: 2400 });
  expect(verdict.findings.filter(({ passed }) => !passed)).toEqual([]);
  expect(verdict, verdict.reason).toMatchObject({ passed: true });
});
