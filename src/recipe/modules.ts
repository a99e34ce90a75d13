/** The layers of every live system around a recipe's own, lowest first. */
export const framed = (own: readonly string[]): readonly string[] => ["base", "essential", ...own, "settings"];

/** Squashfs modules are numbered so that any reader stacks them right; live-boot's own sorting would not (FACTS: base-x < base). */
export const moduleFiles = (layers: readonly string[]): readonly string[] =>
  layers.map((layer, at) => `${String(at + 1).padStart(2, "0")}-${layer}.squashfs`);

/** The modules as live-boot names them in its overlay's options (9990-overlay.sh, do_union in 9990-misc-helpers.sh). */
export const lowerOption = (files: readonly string[]): string =>
  files.map((file) => `/run/live/rootfs/${file}`).join(":");

/** mount(2) takes a page of options and its NUL; what is beside the modules, a persistence device's name twice, needs less than 256. */
export const longestLower = 4095 - 256;

/** Since util-linux 2.39 mount(8) hands options over one by one, and the kernel takes 255 bytes of each (fsconfig(2)). */
export const longestValue = 255;
