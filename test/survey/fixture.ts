import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A throw-away OpenPGP key and its public part as files. */
export interface Key {
  readonly name: string;
  readonly binary: string;
  readonly armoured: string;
}

/** A signing room of its own, gone when it is disposed of: gpg never sees this machine's keys. */
export class Signer implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "livewright-keys-"));

  /** Make a key. With `expired` it was made long ago, for a day. */
  key(name: string, how: { readonly expired?: true; readonly algorithm?: string } = {}): Key {
    const address = `${name}@example.org`;
    const past = how.expired ? ["--faked-system-time", "20200101T000000"] : [];
    const life = how.expired ? "1d" : "never";
    this.#gpg([...past, "--quick-generate-key", address, how.algorithm ?? "ed25519", "sign", life]);
    const key = { name: address, binary: join(this.folder, `${name}.gpg`), armoured: join(this.folder, `${name}.asc`) };
    writeFileSync(key.binary, this.#gpg(["--export", address]));
    writeFileSync(key.armoured, this.#gpg(["--armor", "--export", address]));
    return key;
  }

  /** Clear-sign a text, as InRelease files are. */
  sign(text: string, key: Key, more: readonly string[] = []): string {
    return this.#gpg([...more, "--local-user", key.name, "--clear-sign"], text).toString("utf8");
  }

  revoke(key: Key): void {
    const file = join(this.folder, "revocation");
    const answers = "y\n0\n\ny\n";
    const words = ["--command-fd", "0", "--no-tty", "--output", file, "--gen-revoke", key.name];
    execFileSync("gpg", ["--homedir", this.folder, "--pinentry-mode", "loopback", "--passphrase", "", ...words], {
      input: answers,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#gpg(["--import", file]);
    writeFileSync(key.binary, this.#gpg(["--export", key.name]));
  }

  #gpg(words: readonly string[], input = ""): Buffer {
    const still = [
      "--homedir",
      this.folder,
      "--batch",
      "--yes",
      "--quiet",
      "--pinentry-mode",
      "loopback",
      "--passphrase",
      "",
    ];
    return execFileSync("gpg", [...still, ...words], { input, stdio: ["pipe", "pipe", "pipe"] });
  }

  [Symbol.dispose](): void {
    execFileSync("gpgconf", ["--homedir", this.folder, "--kill", "all"]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const hour = 3_600_000;

/** A Release file's text; `fields` replace or, when empty, remove what it usually says. */
export function releaseText(fields: Readonly<Record<string, string>> = {}): string {
  const usual = {
    Origin: "Fixture",
    Suite: "stable",
    Codename: "fixture",
    Version: "7.1",
    Date: new Date(Date.now() - hour).toUTCString(),
    Architectures: "all amd64 arm64",
    Components: "main contrib",
  };
  const lines = Object.entries({ ...usual, ...fields }).filter(([, value]) => value !== "");
  return `${lines.map(([name, value]) => `${name}: ${value}`).join("\n")}\nSHA256:\n ${"0".repeat(64)} 0 main/binary-amd64/Packages\n`;
}

export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly string[];
}

/** Serve files by their path, or answer as `answer` wishes, on an address of this machine alone. */
export async function serve(answer: Readonly<Record<string, string>> | RequestListener): Promise<Served> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (typeof answer === "function") {
      answer(request, response);
      return;
    }
    const body = answer[request.url ?? ""];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
