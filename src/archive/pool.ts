import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { digestsOf } from "../system/digests.ts";
import { exists, noteUse } from "../system/files.ts";

/**
 * Release files, indices and packages by the sha256 of their content, shared by all builds. A file gets its name when all of
 * it was seen to be right, and is looked at again whenever it is used: one that was damaged since is as good as none.
 */
export class Pool {
  readonly root: string;
  constructor(cache: string) {
    this.root = join(cache, "pool");
  }

  path(sha256: string): string {
    return join(this.root, "sha256", sha256.slice(0, 2), sha256);
  }

  /** Whether the content is there and undamaged. That it is used is noted first, so that nobody cleans it away meanwhile. */
  async has(sha256: string): Promise<boolean> {
    const path = this.path(sha256);
    if (!(await exists(path))) return false;
    await noteUse(path);
    if (!(await exists(path))) return false;
    const [found] = await digestsOf(path, ["sha256"]);
    return found === sha256;
  }

  /** A path for a file in the making, on the disk that it will stay on. */
  async draft(): Promise<string> {
    const drafts = join(this.root, "drafts");
    await mkdir(drafts, { recursive: true });
    return join(drafts, randomUUID());
  }

  /** Give a file the name of its content if that is what it should be; otherwise it is gone. */
  async take(draft: string, sha256: string): Promise<boolean> {
    const [found] = (await exists(draft)) ? await digestsOf(draft, ["sha256"]) : [];
    if (found !== sha256) {
      // apt puts what it refuses aside.
      for (const left of [draft, `${draft}.FAILED`]) await rm(left, { force: true });
      return false;
    }
    // apt reads it as a user of its own.
    await chmod(draft, 0o644);
    await noteUse(draft); // apt gives it the date that the archive tells.
    await mkdir(dirname(this.path(sha256)), { recursive: true });
    await rename(draft, this.path(sha256));
    return true;
  }

  async add(content: Buffer): Promise<string> {
    const sha256 = createHash("sha256").update(content).digest("hex");
    const draft = await this.draft();
    await writeFile(draft, content);
    await this.take(draft, sha256);
    return sha256;
  }
}
