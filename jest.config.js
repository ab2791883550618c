// Two projects: "fast" is pure units, golden files and cases (seconds); "e2e" starts the real programs.
const withoutDocker = process.env.OBS_TEST_WITHOUT_DOCKER === "1";
if (withoutDocker) console.error("OBS_TEST_WITHOUT_DOCKER=1: the Compose tests are left out.");

const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2023" }, module: { type: "es6" } },
    ],
  },
  moduleNameMapper: {
    "^(\\.{1,2}/.*)\\.js$": "$1",
    "^obs-stack$": "<rootDir>/stack/index.ts",
    "^obs-stack/alerts$": "<rootDir>/alerts/index.ts",
    "^obs-stack/sdk$": "<rootDir>/llm/sdk/index.ts",
    "^obs-stack/dashboards$": "<rootDir>/dashboards/index.ts",
  },
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
};

export default {
  // A machine that is busy is no mistake; what takes minutes says so itself.
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: "fast",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["<rootDir>/test/e2e/"],
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
      testPathIgnorePatterns: withoutDocker ? ["<rootDir>/test/e2e/compose"] : [],
    },
  ],
};
