import { expect, test } from "vitest";
import { acquire, detectedProxy, detectProxy, detectsProxies } from "../../src/tools/apt-method.ts";
import { ask } from "../../src/survey/ask.ts";

test.each([
  ["Config-Item: Acquire::http::Proxy-Auto-Detect=/usr/bin/auto-apt-proxy", true],
  ["Config-Item: Acquire::http::ProxyAutoDetect=/usr/bin/squid-deb-proxy", true],
  ["Config-Item: Acquire::http::Proxy-Auto-Detect=", false],
  ["Config-Item: Acquire::http::Proxy=http://proxy.example:3128", false],
])("%s: apt asks for each address' proxy: %s", (line, detects) => {
  expect(detectsProxies(`Config-Item: APT=\n${line}\n`)).toBe(detects);
});

test("the proxy that apt's detector names is the one that its transport is told", () => {
  const proxy = detectedProxy("Using proxy 'http://proxy.example:3128/' for URL 'http://archive.example/x'\n");
  const text = acquire({ url: "http://archive.example/x", to: "/tmp/x", proxy });
  expect(text.split("\n")).toContain("Proxy: http://proxy.example:3128/");
});

test("this host's apt-helper answers in the words that are understood", async () => {
  const said = await ask(detectProxy("http://archive.example/x"), new AbortController().signal);
  expect(said).toMatch(/^Using proxy '[^']*' for URL/m);
});
