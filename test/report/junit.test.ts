import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { junit } from "../../src/report/junit.ts";

test("failures are counted, and nothing a guest says breaks the XML", () => {
  const xml = junit("boots & more", [
    { suite: "bios cd live", name: "boots", seconds: 61.24, output: "fine" },
    {
      suite: "bios cd live",
      name: 'check: echo "<a>"',
      seconds: 0,
      failure: "first\nsecond \u0000\u001b[0m & </failure>",
    },
  ]);
  expect(xml).toContain('tests="2" failures="1"');
  expect(xml).toContain('<failure message="first">');
  expect(xml).toContain("&lt;/failure&gt;");
  expect(xml).not.toMatch(/[\u0000\u001b]/);
  const parse =
    "import sys, xml.dom.minidom as m; print(len(m.parseString(sys.stdin.buffer.read()).getElementsByTagName('testcase')))";
  expect(execFileSync("python3", ["-c", parse], { input: xml, encoding: "utf8" }).trim()).toBe("2");
});
