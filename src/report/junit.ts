/** One case of a suite, as JUnit's readers want it. */
export interface Case {
  readonly suite: string;
  readonly name: string;
  readonly seconds: number;
  /** Why it failed; absent when it passed. */
  readonly failure?: string;
  readonly output?: string;
}

/** JUnit XML, which CI servers show as a table. */
export function junit(name: string, cases: readonly Case[]): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const seconds = cases.reduce((sum, { seconds }) => sum + seconds, 0);
  const counts = `tests="${String(cases.length)}" failures="${String(failures)}" errors="0" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} time="${seconds.toFixed(1)}">`,
    `  <testsuite name="${escaped(name)}" ${counts} time="${seconds.toFixed(1)}">`,
    ...cases.flatMap(one),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function one({ suite, name, seconds, failure, output }: Case): readonly string[] {
  const head = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}" time="${seconds.toFixed(1)}"`;
  if (failure === undefined && output === undefined) return [`${head}/>`];
  return [
    `${head}>`,
    ...(failure === undefined
      ? []
      : [`      <failure message="${escaped(failure.split("\n")[0] ?? "")}">${escaped(failure)}</failure>`]),
    ...(output === undefined ? [] : [`      <system-out>${escaped(output)}</system-out>`]),
    "    </testcase>",
  ];
}

/** XML 1.0 has no place for most control characters, not even escaped (§2.2). */
const escaped = (text: string): string =>
  text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
