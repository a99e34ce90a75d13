import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { metapackage } from "../../src/cli/metapackage.ts";
import { filesHere } from "../../src/cli/recipe-source.ts";
import { shippedNames } from "../../src/recipe/chain.ts";
import { debianKeyring } from "../../src/survey/keyring.ts";
import { hostReleases, mainCandidates } from "../../src/survey/mirrors.ts";
import { capture } from "../../src/system/process.ts";

const { signal } = new AbortController();

/** What apt would install of nothing, from the host's mirror, told line by line. */
describe.each(["bookworm", "trixie"])("on an empty %s, from the host's mirror,", (suite) => {
  const folder = mkdtempSync(join(tmpdir(), "livewright-packages-"));
  const options = [
    `Dir::State=${folder}/state`,
    `Dir::Cache=${folder}/cache`,
    `Dir::State::status=${folder}/status`,
    `Dir::Etc::sourcelist=${folder}/sources.list`,
    "Dir::Etc::sourceparts=-",
    "Dir::Etc::preferencesparts=-",
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["-o", option]);
  const apt = (...words: readonly string[]) => capture({ tool: "apt-get", args: [...options, ...words], signal });

  beforeAll(async () => {
    for (const part of ["state/lists/partial", "cache/archives/partial"])
      mkdirSync(join(folder, part), { recursive: true });
    const [mirror = ""] = mainCandidates(await hostReleases(signal), suite);
    writeFileSync(join(folder, "status"), "");
    writeFileSync(
      join(folder, "sources.list"),
      `deb [signed-by=${debianKeyring}] ${mirror} ${suite} main non-free-firmware\n`,
    );
    await apt("update");
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each(shippedNames(filesHere()))("every package of %s exists, and all go together", async (name) => {
    const printed: string[] = [];
    const session = { signal, print: (text: string) => void printed.push(text), report: () => undefined };
    await metapackage(name, { set: [`suite=${suite}`], output: folder }, session);
    const installed = [...(await apt("install", "--simulate", ...printed)).matchAll(/^Inst (\S+)/gmu)].map(
      ([, it]) => it,
    );
    expect(installed).toContain(`${name}-live-tasks`);
    expect(installed).not.toContain("exim4-base"); // nobody asked for a mail server
    if (name !== "minimal")
      expect(installed).toEqual(expect.arrayContaining(["wpasupplicant", "openssh-server", "firmware-iwlwifi"]));
  });
});
