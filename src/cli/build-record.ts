import { lockIn, type Lock } from "../archive/lock.ts";
import { Failure } from "../failure.ts";
import type { MediumKind } from "../plan/stage.ts";
import type { HostFacts } from "../survey/survey.ts";
import { readText } from "../system/files.ts";

/** sha256 of a finished medium, a folder's being that of its list of checksums, and of what it is put together from, by name. */
export interface Sums {
  readonly iso?: string;
  readonly netboot?: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The digest of the medium, whichever kind it is of. */
export const sumOf = ({ iso, netboot }: Sums): string => iso ?? netboot ?? "";

/** What a build leaves beside its ISO, as `build.json`, or beside its netboot folder, as `netboot.json`: all that is needed to make the same again. */
export interface BuildRecord {
  /** What a person calls the file. */
  readonly file: string;
  /** The version of this program that built. */
  readonly livewright: string;
  readonly kind: MediumKind;
  /** What the medium is called. */
  readonly name: string;
  readonly sums: Sums;
  /** As decoded, without secrets. */
  readonly recipe: Readonly<Record<string, unknown>> & { readonly name: string };
  /** The recipe ships with the program, and has that name there. */
  readonly shipped: boolean;
  readonly sources: HostFacts["digests"];
  readonly tools: HostFacts["versions"];
  readonly hooks: HostFacts["hooks"];
  readonly lock: Lock;
}

/** Read a build record. It comes from strangers, and every fault of it is told at once. */
export async function readBuildRecord(file: string): Promise<BuildRecord> {
  const content = parsed(await readText(file).catch((cause: unknown) => unreadable(file, cause)), file);
  if (isMap(content) && content["format"] !== 1)
    throw new Failure("recipe-invalid", `${file} is no build record of a format that this program knows`, {
      remedy: "name the .build.json that lies beside an ISO of Livewright, or the .netboot.json beside a folder",
    });
  const kind = isMap(content) && "netboot" in content ? "netboot" : "iso";
  const medium = isMap(content) ? content[kind] : undefined;
  const fields = { ...(isMap(content) ? content : {}), ...prefixed(`${kind}.`, medium) };
  const faults = Object.entries(shapesOf(kind)).flatMap(([name, fits]) =>
    fits(fields[name]) ? [] : [`${file}: ${name} is missing or is not what it should be`],
  );
  const lock = lockOf(fields["lock"], file);
  if ("fault" in lock) faults.push(lock.fault);
  if (faults.length > 0 || "fault" in lock)
    throw new Failure("recipe-invalid", faults.join("\n"), { remedy: "take it again from where the ISO is published" });
  const { recipe, shipped, sources, tools, hooks, files, livewright } = fields as unknown as Trusted;
  const sums = { [kind]: String(fields[`${kind}.sha256`]), files };
  return {
    file,
    livewright,
    kind,
    name: String(fields[`${kind}.name`]),
    sums,
    recipe,
    shipped,
    sources,
    tools,
    hooks,
    lock,
  };
}

type Trusted = Omit<BuildRecord, "file" | "kind" | "name" | "sums" | "lock"> & Pick<Sums, "files">;
type Fields = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === "string";
const isLike =
  (shape: RegExp) =>
  (value: unknown): boolean =>
    typeof value === "string" && shape.test(value);
const isDigest = isLike(/^[0-9a-f]{64}$/);
const mapOf =
  (fits: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    isMap(value) && Object.values(value).every(fits);

const shapesOf = (kind: MediumKind): Readonly<Record<string, (value: unknown) => boolean>> => ({
  livewright: isText,
  [`${kind}.name`]: isLike(new RegExp(`^[^/\\0]+\\.${kind}$`)),
  [`${kind}.sha256`]: isDigest,
  recipe: (value) => isMap(value) && isLike(/^[a-z0-9-]+$/)(value["name"]), // It may be looked for by that name.
  shipped: (value) => typeof value === "boolean",
  sources: mapOf(isDigest),
  tools: mapOf(isText),
  hooks: mapOf(
    (value) =>
      isMap(value) && isLike(/^([0-9a-f]{40,64}|uncommitted)$/)(value["commit"]) && typeof value["dirty"] === "boolean",
  ),
  files: mapOf(isDigest),
});

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure("recipe-invalid", `${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

function unreadable(file: string, cause: unknown): never {
  throw new Failure("usage", `${file} cannot be read: ${(cause as Error).message}`, {
    remedy: "name the .build.json that lies beside an ISO",
    cause,
  });
}

const prefixed = (prefix: string, value: unknown): Fields =>
  isMap(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [prefix + name, each])) : {};

function lockOf(value: unknown, file: string): Lock | { readonly fault: string } {
  try {
    return { ...lockIn(value, `${file}: lock`), recorded: file };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { fault: error.message };
  }
}
