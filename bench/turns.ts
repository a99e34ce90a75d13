import { peerNames, type PeerName } from "./figures.ts";
import { runsFor, type Row } from "./rows.ts";

/** One builder's runs that follow each other. */
export interface Turn {
  readonly peer: PeerName;
  readonly runs: readonly string[];
}

/**
 * The order in which everything is measured. What a row compares is measured side by side, since a machine is not the same at one
 * hour as at the next: Livewright, whose runs are short, before and after each run of another; of what it took each time the middle counts.
 * The others' runs, of minutes, are made once. `known` peers are not measured again, nor are runs that were `done` before.
 */
export function turns(
  rows: readonly Row[],
  peers: readonly PeerName[],
  known: ReadonlySet<PeerName>,
  done: (peer: PeerName) => readonly string[] = () => [],
): readonly Turn[] {
  const measured = new Map(peers.map((peer) => [peer, new Set(done(peer))]));
  return rows.flatMap((row) => {
    const fresh = (peer: PeerName): Turn => {
      const runs = [...runsFor([row], peer)].filter((name) => measured.get(peer)?.has(name) === false);
      return { peer, runs: known.has(peer) ? [] : runs };
    };
    const [own, ...others] = peerNames.map(fresh);
    const beside = others.filter(({ runs }) => runs.length > 0);
    const all = [own, ...beside.flatMap((other) => [other, own])].filter((turn) => turn !== undefined);
    for (const { peer, runs } of all) for (const name of runs) measured.get(peer)?.add(name);
    return all.filter(({ runs }) => runs.length > 0);
  });
}
