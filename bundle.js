import { build } from "rolldown";

/**
 * A program of 300 modules, and 200 more of what it depends on, takes Node longer to find than a build that has nothing to do takes
 * for all the rest. Parts that are loaded when they are needed stay files of their own. Of sharp, half is no JavaScript.
 */
await build({
  input: {
    main: "./.livewright/modules/main.js",
    "parts/digest-thread": "./.livewright/modules/system/digest-thread.js",
    "parts/painter": "./.livewright/modules/look/painter.js",
  },
  platform: "node",
  external: ["sharp"],
  output: {
    dir: "dist",
    cleanDir: true,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "parts/[name]-[hash].js",
  },
});
