/** What one line of dnsmasq's log says that somebody who serves wants to know. */
export type Heard =
  | { readonly kind: "ready" }
  | { readonly kind: "file"; readonly client: string; readonly path: string; readonly outcome: string }
  /** A client is told what to boot. */
  | { readonly kind: "advice"; readonly client: string; readonly file: string }
  | { readonly kind: "lease"; readonly client: string; readonly address: string }
  | { readonly kind: "warning"; readonly text: string };

/** Understands lines in their order: those about one client's question come one after another, under its number. */
export class DnsmasqLog {
  readonly #root: string;
  readonly #clients = new Map<string, { readonly mac: string; readonly file?: string }>();
  constructor(root = "") {
    this.#root = root;
  }

  hear(line: string): Heard | undefined {
    const [, by = "", text = ""] = /^(?:\w{3} +\d+ [\d:]+ )?dnsmasq(?:-(\w+))?\[?\d*\]?: (.*)$/.exec(line) ?? [];
    if (by === "tftp") return this.#file(text.trimEnd());
    if (by === "dhcp") return this.#advice(text.trimEnd());
    return /^(failed|cannot|bad|unknown|illegal)\b/.test(text) ? { kind: "warning", text } : undefined;
  }

  #file(text: string): Heard | undefined {
    if (text.startsWith("TFTP root is ")) return { kind: "ready" };
    const [, sent, to] = /^sent (.*) to (\S+)$/.exec(text) ?? [];
    if (sent !== undefined && to !== undefined)
      return { kind: "file", client: to, path: this.#path(sent), outcome: "sent" };
    const [, failed, by] = /^failed sending (.*) to (\S+)$/.exec(text) ?? [];
    if (failed !== undefined && by !== undefined)
      return { kind: "file", client: by, path: this.#path(failed), outcome: "broken off" };
    const [, absent, whose] = /^file (.*) not found for (\S+)$/.exec(text) ?? [];
    if (absent !== undefined && whose !== undefined)
      return { kind: "file", client: whose, path: this.#path(absent), outcome: "not found" };
    const [, refused, why] = /^cannot (?:read|access) (.*?): (.*)$/.exec(text) ?? [];
    if (refused !== undefined)
      return { kind: "file", client: "somebody", path: this.#path(refused), outcome: `refused: ${why ?? ""}` };
    const [, error, from] = /^error \d+ (.*) received from (\S+)$/.exec(text) ?? [];
    // Loaders ask for a file's size by beginning to fetch it, and break off with error 0 or 8; PXELINUX closes every file so.
    return error === undefined || /abort|option|cancel|no error|^\s*$/i.test(error)
      ? undefined
      : { kind: "warning", text: `${String(from)} reports: ${error}` };
  }

  #advice(text: string): Heard | undefined {
    if (text.startsWith("DHCP, sockets bound")) return { kind: "ready" };
    const [, number = "", said = ""] = /^(\d+) (.*)$/.exec(text) ?? [];
    const [, mac] = /^(?:PXE|DHCP[A-Z]+)\(\S+\) (?:\d+\.\d+\.\d+\.\d+ )?([0-9a-f:]{17})\b/i.exec(said) ?? [];
    if (mac !== undefined) this.#remember(number, mac);
    const [, address, taker] = /^DHCPACK\(\S+\) (\S+) ([0-9a-f:]{17})/i.exec(said) ?? [];
    if (address !== undefined && taker !== undefined) return { kind: "lease", client: taker, address };
    const [, file] = /^(?:bootfile name:|sent size:\s*\d+ option:\s*67 bootfile-name) +(.*)$/.exec(said) ?? [];
    if (file !== undefined) return this.#told(number, file);
    return /^no address range available|^DHCPNAK/.test(said) ? { kind: "warning", text: said } : undefined;
  }

  /** The offer says it, and so does what follows it. */
  #told(number: string, file: string): Heard | undefined {
    const client = this.#clients.get(number);
    if (client === undefined || client.file === file) return undefined;
    this.#clients.set(number, { ...client, file });
    return { kind: "advice", client: client.mac, file };
  }

  /** Whoever asks may ask for ever. */
  #remember(number: string, mac: string): void {
    const known = this.#clients.get(number);
    this.#clients.delete(number);
    this.#clients.set(number, known ?? { mac });
    const [oldest] = this.#clients.keys();
    if (this.#clients.size > 256 && oldest !== undefined) this.#clients.delete(oldest);
  }

  #path = (path: string): string => (path.startsWith(`${this.#root}/`) ? path.slice(this.#root.length + 1) : path);
}
