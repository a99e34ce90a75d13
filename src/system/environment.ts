/** What every program sees; the caller's own environment does not reach it, but for the proxy and the time of the build. */
const passed = ["TMPDIR", "http_proxy", "https_proxy", "ftp_proxy", "no_proxy"] as const;

/** The environment of programs, and what one of them is to have besides. */
export const environment = (besides: Readonly<Record<string, string>>): Record<string, string> => ({
  ...inherited(),
  PATH: searchPath(),
  LC_ALL: "C.UTF-8",
  ...besides,
});

const inherited = (): Record<string, string> =>
  Object.fromEntries(passed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));

/** Administration tools live in sbin, which an ordinary user's PATH lacks on Debian. */
const searchPath = (): string => `${process.env["PATH"] ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`;
