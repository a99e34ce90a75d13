import { expect, test } from "vitest";
import { control } from "../../src/tools/dpkg.ts";

test("a metapackage's control file names what it depends on, a package a line", () => {
  const text = control({
    name: "demo-live-tasks",
    version: "1.0",
    summary: "packages of the live medium demo",
    depends: ["htop=3.2.2-2", "nano/bookworm-backports", "task-laptop"],
    recommends: ["firmware-iwlwifi"],
  });
  expect(text).toBe(`Package: demo-live-tasks
Version: 1.0
Architecture: all
Maintainer: Livewright <livewright@localhost.invalid>
Section: metapackages
Priority: optional
Depends: htop (= 3.2.2-2),
 nano,
 task-laptop
Recommends: firmware-iwlwifi
Description: packages of the live medium demo
 Depends on the packages of a live medium, so that they can be installed
 on an ordinary system, or pulled in by another image.
`);
});

test("what nothing is recommended by says nothing of it", () => {
  expect(control({ name: "a", version: "1", summary: "s", depends: ["b"], recommends: [] })).not.toContain(
    "Recommends",
  );
});
