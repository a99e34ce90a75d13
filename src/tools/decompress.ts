/** Programs that turn streams, one after the other in a file, back into what was compressed, on standard output. */
const programs = { zstd: "zstd", xz: "xz" } as const;

/** How to unpack a file of such streams; undefined for compressions that no ordinary program unpacks block by block. */
export function decompress(
  compression: string,
  file: string,
): { readonly tool: string; readonly args: readonly string[] } | undefined {
  const tool = compression === "zstd" || compression === "xz" ? programs[compression] : undefined;
  return tool === undefined ? undefined : { tool, args: ["--decompress", "--stdout", "--quiet", file] };
}
