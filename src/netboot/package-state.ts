/** A member of a layer or module, as far as it takes to see what it hides. */
interface Member {
  readonly path: string;
  readonly type: string;
  /** Values in base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

const state = "var/lib/dpkg";

/**
 * The members that hold or hide what dpkg knows of the system: with another base below, they would tell of packages that are not
 * there. A folder on the way to them holds nothing by itself.
 */
export const packageState = (members: readonly Member[]): readonly string[] =>
  members.filter(touchesState).map(({ path }) => path);

const touchesState = ({ path, type, xattrs }: Member): boolean => {
  const above = path === state || state.startsWith(`${path}/`);
  if (type === "directory") return (above || path.startsWith(`${state}/`)) && hidesBelow(xattrs);
  return above || path.startsWith(`${state}/`);
};

const hidesBelow = (xattrs: Member["xattrs"] = {}): boolean =>
  ["trusted.overlay.opaque", "trusted.overlay.redirect"].some((name) => Object.hasOwn(xattrs, name));
