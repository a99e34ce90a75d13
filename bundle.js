import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "rolldown";
import { ajv, validate } from "./.livewright/modules/recipe/validator.js";

/** In the place of ajv and the recipe's schema what the one compiles the other to, for that takes longer than all the rest of reading a recipe. */
const compiled = {
  name: "compiled",
  load: (id) => (id.endsWith("/recipe/validator.js") ? standalone.default(ajv, validate) : undefined),
};

/**
 * A program of 300 modules, and 200 more of what it depends on, takes Node longer to find than a build that has nothing to do takes
 * for all the rest. Parts that are loaded when they are needed stay files of their own. Of sharp, half is no JavaScript.
 */
const { output } = await build({
  input: {
    main: "./.livewright/modules/main.js",
    "parts/digest-thread": "./.livewright/modules/system/digest-thread.js",
    "parts/painter": "./.livewright/modules/look/painter.js",
  },
  platform: "node",
  plugins: [compiled],
  external: ["sharp"],
  output: {
    dir: "dist",
    cleanDir: true,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "parts/[name]-[hash].js",
  },
});

/** Folders of the packages of which something is in a bundle. */
const bundled = new Set(
  output
    .flatMap((chunk) => (chunk.type === "chunk" ? Object.keys(chunk.modules) : []))
    .flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []),
);

// Their licences ask that they be told wherever their code goes.
const told = [...bundled].sort().map((folder) => {
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = readdirSync(folder).filter((file) => /^licen[cs]e/i.test(file));
  if (texts.length === 0) throw new Error(`${basename(folder)} is bundled, and has no file that tells its licence`);
  return [`${name} ${version}`, ...texts.map((file) => readFileSync(join(folder, file), "utf8").trim())].join("\n\n");
});
writeFileSync("dist/licenses.txt", `${told.join(`\n\n${"-".repeat(72)}\n\n`)}\n`);
