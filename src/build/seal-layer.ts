import { pour } from "../system/process.ts";
import { tarTree } from "../tools/tar.ts";
import { canonical, hasAcl } from "./tar/canonical.ts";
import type { TarEntry } from "./tar/entry.ts";
import { Gathered } from "./tar/gathered.ts";
import { Manifester, readable } from "./tar/manifest.ts";
import { TarReader, type TarVisitor } from "./tar/read.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar/write.ts";

export interface Sealing {
  /** An overlay's upper directory, or a whole tree. */
  readonly upper: string;
  readonly tar: string;
  /** One JSON object a line: `ManifestEntry`. */
  readonly manifest: string;
  /** Seconds since 1970; nothing in the layer is newer. */
  readonly epoch: number;
  readonly signal: AbortSignal;
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface Sealed {
  readonly bytes: number;
  readonly entries: number;
  /** Paths whose access control lists were left out, since squashfs cannot hold them. */
  readonly aclsRemoved: readonly string[];
}

/**
 * Make a layer's canonical tar and its manifest from the directory it was recorded in. Deletions (0:0 devices) and opaque
 * directories stay as the kernel wrote them; sockets, which only a running program can use, are left out by tar.
 */
export async function sealLayer({ upper, tar, manifest, epoch, signal, onLine }: Sealing): Promise<Sealed> {
  await using tarFile = await Gathered.create(tar);
  await using manifestFile = await Gathered.create(manifest);
  const sealer = new Sealer(tarFile, manifestFile, epoch);
  const reader = new TarReader(sealer);
  await pour({ ...tarTree(upper), signal, onLine }, async (piece) => {
    reader.push(piece);
    if (tarFile.full) await tarFile.flush();
    if (manifestFile.full) await manifestFile.flush();
  });
  reader.finish();
  tarFile.add(tarEnd());
  await Promise.all([tarFile.finish(), manifestFile.finish()]);
  return { bytes: tarFile.bytes, entries: sealer.entries, aclsRemoved: sealer.aclsRemoved };
}

/** Passes each member on in its canonical form, to the tar and to the manifest. */
class Sealer implements TarVisitor {
  entries = 0;
  readonly aclsRemoved: string[] = [];
  readonly #tar: Gathered;
  readonly #manifester: Manifester;
  readonly #epoch: number;
  #size = 0;

  constructor(tar: Gathered, manifest: Gathered, epoch: number) {
    this.#tar = tar;
    this.#epoch = epoch;
    this.#manifester = new Manifester((line) => {
      manifest.add(Buffer.from(`${JSON.stringify(line)}\n`));
    });
  }

  entry(found: TarEntry): void {
    const entry = canonical(found, this.#epoch);
    if (hasAcl(found)) this.aclsRemoved.push(readable(found.path));
    this.entries += 1;
    this.#size = entry.size;
    this.#tar.add(tarHeader(entry));
    this.#manifester.entry(entry);
  }

  content(piece: Buffer): void {
    this.#tar.add(piece);
    this.#manifester.content(piece);
  }

  end(): void {
    this.#tar.add(tarPadding(this.#size));
    this.#manifester.end();
  }
}
