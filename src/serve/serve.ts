import type { Report } from "../events.ts";
import type { Failure } from "../failure.ts";
import { AsyncStack } from "../system/disposal.ts";
import { isRoot } from "../system/host.ts";
import { scratch } from "../system/scratch.ts";
import type { Addresses, BootAdvice } from "../tools/dnsmasq.ts";
import { adviceServer, tftpServer, type Serving, type Site } from "./companions.ts";
import { httpServer, type Receive } from "./http.ts";
import type { Place } from "./place.ts";

export interface ServeWish {
  /** The netboot folder, with all its links followed. */
  readonly folder: string;
  readonly place: Place;
  readonly port: number;
  /** Who gives addresses on the interface, if there is one. */
  readonly addresses: Addresses;
  readonly ipxe: BootAdvice["ipxe"];
  readonly receive?: Receive | undefined;
  /** `hooks/attend` of the program. */
  readonly attend: string;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** A folder that is being served. All is over when it is disposed of. */
export interface Served extends AsyncDisposable {
  /** The folder's root by HTTP, without a slash at its end. */
  readonly url: string;
  /** The same by TFTP; absent where only HTTP is allowed to us. */
  readonly tftp?: string;
  /** Settles when one of the servers has ended although nobody asked it to, with why. */
  readonly failed: Promise<Failure>;
}

/** Serve a folder by HTTP and TFTP at one address and, on an interface, say what to boot. */
export async function serve(wish: ServeWish): Promise<Served> {
  const { folder, place, addresses, ipxe, signal, report } = wish;
  const { address } = place;
  await using parts = new AsyncStack();
  const http = parts.use(await httpServer({ root: folder, address, port: wish.port, report, receive: wish.receive }));
  const url = `http://${address}${http.port === 80 ? "" : `:${String(http.port)}`}`;
  const draft = parts.use(await scratch());
  const site: Site = { scratch: draft.path, attend: wish.attend, signal, report };
  const serving: Serving[] = [];
  if (isRoot()) serving.push(parts.use(await tftpServer(folder, address, site)));
  if (place.interface !== undefined)
    serving.push(parts.use(await adviceServer({ interface: place.interface, address, addresses, url, ipxe }, site)));
  const all = parts.move();
  return {
    url,
    ...(isRoot() ? { tftp: `tftp://${address}` } : {}),
    failed: Promise.race([...serving.map(({ failed }) => failed), new Promise<never>(() => undefined)]),
    [Symbol.asyncDispose]: () => all[Symbol.asyncDispose](),
  };
}
