import type { ProgramCheck } from "./program-check.js";

/** Loki itself reads its configuration; it starts nothing. */
export const lokiVerifyConfig: ProgramCheck = {
  id: "loki-verify-config",
  program: "loki",
  title: "loki -verify-config",
  owner: "loki",
  args: (layout) => ["-verify-config", `-config.file=${layout.configDir("loki")}/loki.yml`],
  findings({ lines, failed }, layout) {
    if (!failed) return [];
    const output = lines.map((line) =>
      line.replace(/ Use `-config\.expand-env=true` flag if you want to expand .*$/, ""),
    );
    return [
      {
        severity: "error",
        what: "Loki does not accept its configuration.",
        output: output.filter((line) => line.trim() !== "").map(layout.shown),
      },
    ];
  },
};
