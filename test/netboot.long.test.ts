import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fourLayers, fourLayerChecks } from "./four-layers.ts";
import { livewright, testCache, type Outcome } from "./livewright.ts";
import { recipeFolder } from "./workshop.ts";

/** Build a recipe's netboot folder beside the recipe, for these tests change what is in it. */
async function builtFolder(recipe: string, ...words: readonly string[]): Promise<string> {
  const done = await livewright([
    ...["build", join(recipe, "recipe.yaml"), "--cache", testCache, "-o", join(recipe, "out"), "--progress", "plain"],
    ...["--set", "media=[{ kind: netboot }]", ...words],
  ]);
  expect(done.status, done.stderr).toBe(0);
  return done.stdout.trim();
}

interface BootWish {
  readonly firmware: string;
  readonly by: string;
  readonly recipe: string;
  readonly checks?: readonly string[];
}

async function booted(
  folder: string,
  { firmware, by, recipe, checks = [] }: BootWish,
  ...words: readonly string[]
): Promise<void> {
  const file = join(recipe, "checks");
  await writeFile(file, checks.map((check) => `${check}\n`).join(""));
  const done = await livewright([
    ...["test", folder, "--firmware", firmware, "--by", by, "--recipe", join(recipe, "recipe.yaml"), "--checks", file],
    ...["--json", "--timeout", "1500", "--progress", "plain", ...words],
  ]);
  passed(done);
}

function passed(done: Outcome): void {
  const { verdicts } = JSON.parse(done.stdout) as { verdicts: readonly { findings: readonly { passed: boolean }[] }[] };
  expect(verdicts.flatMap(({ findings }) => findings.filter((finding) => !finding.passed))).toEqual([]);
  expect(JSON.parse(done.stdout), done.stderr).toMatchObject({ passed: true });
}

test("four layers boot without a disk by PXE, iPXE and HTTP, BIOS, UEFI and Secure Boot, each layer in its place", async () => {
  await using recipe = await fourLayers();
  const folder = await builtFolder(recipe.path);
  for (const [firmware, ways] of [
    ["bios", ["pxe", "ipxe"]],
    ["uefi", ["pxe", "http"]],
    ["secure-boot", ["pxe"]],
  ] as const)
    for (const by of ways) await booted(folder, { firmware, by, recipe: recipe.path, checks: fourLayerChecks });
  // Beside another DHCP server, as UEFI's PXE wants it.
  await booted(folder, { firmware: "secure-boot", by: "pxe", recipe: recipe.path }, "--dhcp", "next");
});

test("minimal boots with 512 MB of memory", async () => {
  await using recipe = await recipeFolder({ "recipe.yaml": "name: small\nextends: minimal\n" });
  const folder = await builtFolder(recipe.path);
  await booted(folder, { firmware: "bios", by: "pxe", recipe: recipe.path }, "--memory", "512M");
});

test("a running system saves itself to the server, and what was done to it is there at the next start", async () => {
  await using recipe = await recipeFolder({
    "recipe.yaml": "name: saving\nextends: minimal\nsave-command: true\n",
    token: "only-guests-know\n",
  });
  const folder = await builtFolder(recipe.path);
  const [saved, token] = [join(recipe.path, "saved"), join(recipe.path, "token")];
  await chmod(token, 0o600);
  const word = "printf 'only-guests-know' > /tmp/token && chmod 600 /tmp/token";
  const root = (command: string): string => `echo live | sudo --stdin --prompt= sh -c "${command}"`;
  await booted(
    folder,
    {
      firmware: "bios",
      by: "pxe",
      recipe: recipe.path,
      checks: [
        root("echo kept > /opt/kept && rm /etc/motd && mv /usr/share/doc/bash /usr/share/doc/moved"),
        `${word} && ${root("livewright-save mine --to http://10.86.0.1/saved --token-file /tmp/token")}`,
      ],
    },
    ...["--uploads", saved, "--token-file", token],
  );
  const stacked = await livewright(["stack", join(saved, "mine.squashfs"), "--in", folder]);
  expect(stacked.status, stacked.stderr).toBe(0);
  expect((await livewright(["inspect", folder])).status).toBe(0);
  await booted(
    folder,
    {
      firmware: "uefi",
      by: "pxe",
      recipe: recipe.path,
      checks: [
        "test $(cat /opt/kept) = kept",
        "test ! -e /etc/motd",
        "test -d /usr/share/doc/moved && test ! -e /usr/share/doc/bash",
        "test ! -e /tmp/token",
      ],
    },
    ...["--list", "mine"],
  );
});
