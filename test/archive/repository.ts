import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { serve, type Key, type Served, type Signer } from "../survey/fixture.ts";

export interface Offered {
  readonly name: string;
  readonly version: string;
  /** What its file /usr/share/NAME/version says besides. */
  readonly text?: string;
}

export const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

/** A signed archive of tiny packages, served on this machine, that can move on as archives do. */
export class Repository implements AsyncDisposable {
  readonly files = new Map<string, Buffer>();
  readonly asked: string[] = [];
  readonly #signer: Signer;
  readonly #key: Key;
  #served: Served | undefined;
  constructor(signer: Signer, key: Key) {
    this.#signer = signer;
    this.#key = key;
  }

  get url(): string {
    return this.#served?.url ?? "";
  }

  async open(): Promise<this> {
    this.#served = await serve((request, response) => {
      const path = decodeURIComponent(request.url ?? "").slice(1);
      this.asked.push(path);
      const body = this.files.get(path);
      response.writeHead(body === undefined ? 404 : 200).end(body);
    });
    return this;
  }

  /** Replace all that is served by one suite, `fixture`, with these packages and nothing else. */
  publish(packages: readonly Offered[], fields: Readonly<Record<string, string>> = {}): void {
    this.files.clear();
    const stanzas = packages.map((each) => this.#offer(each));
    const plain = stanzas.join("\n");
    const index = gzipSync(plain);
    const path = "main/binary-amd64/Packages.gz";
    this.files.set(`dists/fixture/${path}`, index);
    this.files.set(`dists/fixture/main/binary-amd64/by-hash/SHA256/${sha256(index)}`, index);
    const release = {
      ...{ Origin: "Fixture", Suite: "fixture", Codename: "fixture", "Acquire-By-Hash": "yes" },
      ...{ Date: new Date(Date.now() - 3_600_000).toUTCString(), Architectures: "amd64", Components: "main" },
      ...fields,
    };
    const text = Object.entries(release).map(([name, value]) => `${name}: ${value}\n`);
    // apt looks for no index whose uncompressed form the Release file does not name.
    const unpacked = ` ${sha256(plain)} ${String(plain.length)} ${path.replace(".gz", "")}\n`;
    const listed = `SHA256:\n ${sha256(index)} ${String(index.length)} ${path}\n${unpacked}`;
    this.files.set("dists/fixture/InRelease", Buffer.from(this.#signer.sign(text.join("") + listed, this.#key)));
  }

  #offer({ name, version, text = "" }: Offered): string {
    const deb = debOf(name, version, text);
    const path = `pool/main/${name}/${name}_${version}_all.deb`;
    this.files.set(path, deb);
    return [
      ...[`Package: ${name}`, `Version: ${version}`, "Architecture: all", "Maintainer: Nobody <nobody@example.org>"],
      ...[
        `Filename: ${path}`,
        `Size: ${String(deb.length)}`,
        `SHA256: ${sha256(deb)}`,
        "Description: of the fixture",
        "",
      ],
    ].join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#served?.[Symbol.asyncDispose]();
  }
}

function debOf(name: string, version: string, text: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "livewright-deb-"));
  try {
    const tree = join(folder, "tree");
    for (const path of ["DEBIAN", `usr/share/${name}`]) mkdirSync(join(tree, path), { recursive: true });
    const control = { Package: name, Version: version, Architecture: "all", Maintainer: "Nobody <nobody@example.org>" };
    const lines = Object.entries({ ...control, Description: "of the fixture" }).map(
      ([key, value]) => `${key}: ${value}\n`,
    );
    writeFileSync(join(tree, "DEBIAN/control"), lines.join(""));
    writeFileSync(join(tree, `usr/share/${name}/version`), `${version}\n${text}`);
    execFileSync("dpkg-deb", ["--root-owner-group", "--build", tree, join(folder, "deb")], { stdio: "pipe" });
    return readFileSync(join(folder, "deb"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
