import { resolve } from "node:path/posix";
import type { Command } from "../command.ts";

/*
 * apt's transports are programs that take messages on their standard input and answer on their standard output, as
 * https://salsa.debian.org/apt-team/apt/-/blob/main/doc/method.dbk describes: a line with a number, lines of fields, an
 * empty line. apt-helper, which drives them too, cannot ask "only if it changed since".
 */

/** Ask apt for its configuration in the words in which its transports want to be told. */
export const configuration = (): Command => ({
  tool: "apt-config",
  args: ["dump", "--format", "Config-Item: %F=%V%n"],
});

/** Where apt's lists of sources are, by what `configuration` printed: each name is relative to the one above it. */
export function sourcePlaces(printed: string): { readonly list: string; readonly parts: string } {
  const value = (name: string): string => {
    const start = `Config-Item: ${name}=`;
    const line = printed.split("\n").find((each) => each.toLowerCase().startsWith(start.toLowerCase())) ?? "";
    return decodeURIComponent(line.slice(start.length));
  };
  const folder = (name: string): string =>
    resolve(`/${value("RootDir")}`, value("Dir"), value("Dir::Etc"), value(name)).replace(/^\/+/, "/");
  return { list: folder("Dir::Etc::sourcelist"), parts: folder("Dir::Etc::sourceparts") };
}

/** The transport for an address, by its scheme. */
export const transport = (url: string): string => `/usr/lib/apt/methods/${/^[a-z+]+(?=:)/.exec(url)?.[0] ?? "http"}`;

/** The first message: what `configuration` printed, and what we want otherwise. */
export const configured = (printed: string): string =>
  message("601 Configuration", [
    ...printed.split("\n").filter((line) => line.startsWith("Config-Item: ")),
    "Config-Item: Acquire::http::Timeout=20",
    "Config-Item: Acquire::https::Timeout=20",
    // The folder is ours alone, so that apt's own user could not write there.
    "Config-Item: APT::Sandbox::User=root",
  ]);

/** Whether apt asks a program of this host for each address' proxy, which its transports do not (apt-transport-http(1)). */
export const detectsProxies = (printed: string): boolean =>
  /^Config-Item: Acquire::https?::Proxy-?Auto-?Detect=\S/im.test(printed);

/** Have apt ask it. */
export const detectProxy = (url: string): Command => ({
  tool: "/usr/lib/apt/apt-helper",
  args: ["auto-detect-proxy", url],
});

/** What it said: nothing for no proxy. */
export const detectedProxy = (printed: string): string | undefined => /^Using proxy '([^']+)'/m.exec(printed)?.[1];

export interface Acquisition {
  readonly url: string;
  /** Where the file is to be written. */
  readonly to: string;
  /** Do not send what has not changed since this date (HTTP's format). */
  readonly since?: string | undefined;
  /** Where only this address' proxy differs from the configuration. */
  readonly proxy?: string | undefined;
}

/** The message that asks for a file. Caches on the way are to ask their source, as for any of apt's indices. */
export const acquire = ({ url, to, since, proxy }: Acquisition): string =>
  message("600 URI Acquire", [
    `URI: ${oneLine(url)}`,
    `Filename: ${to}`,
    "Index-File: true",
    ...(proxy === undefined ? [] : [`Proxy: ${oneLine(proxy)}`]),
    ...(since === undefined ? [] : [`Last-Modified: ${oneLine(since)}`]),
  ]);

/** How a transport's work on one address ended. */
export type Acquired =
  | { readonly kind: "done"; readonly modified: string | undefined }
  | { readonly kind: "unchanged" }
  | { readonly kind: "elsewhere"; readonly url: string }
  | { readonly kind: "failed"; readonly why: string; readonly transient: boolean };

/** What a message says of how the work ended; nothing if it only tells how it goes. */
export function outcome(text: string): Acquired | undefined {
  const [head = "", ...lines] = text.split("\n");
  const field = (name: string): string | undefined =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      ?.slice(name.length + 1)
      .trim();
  const why = field("Message") ?? "apt gave no reason";
  switch (head.slice(0, 3)) {
    case "103":
      return { kind: "elsewhere", url: field("New-URI") ?? "" };
    case "201":
      return field("IMS-Hit") === "true" ? { kind: "unchanged" } : { kind: "done", modified: field("Last-Modified") };
    case "400":
      return { kind: "failed", why, transient: field("Transient-Failure") === "true" };
    case "401":
    case "402":
    case "403":
      return { kind: "failed", why, transient: false };
    default:
      return undefined;
  }
}

const message = (head: string, lines: readonly string[]): string => `${[head, ...lines].join("\n")}\n\n`;

/** An address can be no other message's beginning. */
const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, encodeURIComponent);
