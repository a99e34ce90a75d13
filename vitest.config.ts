import { defineConfig } from "vitest/config";

const minutes = 60_000;

/** Tests that run real tools or machines use the whole host, so their files run one after the other. */
const alone = (name: string, groupOrder: number, timeout: number) => ({
  test: {
    name,
    include: [`test/**/*.${name}.test.ts`],
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: timeout,
    hookTimeout: timeout,
    sequence: { groupOrder },
  },
});

export default defineConfig({
  test: {
    reporters: ["default", "json", "junit"],
    outputFile: { json: ".livewright/test/report.json", junit: ".livewright/test/junit.xml" },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.{image,boot,long}.test.ts"],
          testTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      alone("image", 2, 20 * minutes),
      alone("boot", 3, 20 * minutes),
      alone("long", 4, 120 * minutes),
    ],
  },
});
