import type { ProgramCheck, ProgramFinding } from "./program-check.js";

/** Tempo itself reads its configuration; it starts nothing. obs can't build Tempo: it has to be on PATH. */
export const tempoConfigVerify: ProgramCheck = {
  id: "tempo-config-verify",
  program: "tempo",
  title: "tempo -config.verify",
  owner: "tempo",
  args: (layout) => ["-config.verify=true", `-config.file=${layout.configDir("tempo")}/tempo.yml`],
  findings({ lines, failed }, layout) {
    if (!failed) return [];
    const output = lines.filter((line) => line.trim() !== "").map(layout.shown);
    // It fails for what it only warns of, too.
    const warnings = output.flatMap(warning);
    if (warnings.length > 0 && !output.some((line) => line.startsWith("failed parsing config")))
      return warnings;
    return [{ severity: "error", what: "Tempo does not accept its configuration.", output }];
  },
};

/** A line of its log, `level=warn ... msg="..." explain="..."`. */
function warning(line: string): ProgramFinding[] {
  const field = (name: string) =>
    new RegExp(`\\b${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|(\\S+))`).exec(line)?.slice(1).find(Boolean);
  const message = field("msg");
  if (field("level") !== "warn" || message === undefined || message.startsWith("--")) return [];
  const explained = field("explain");
  return [{ severity: "warning", what: `Tempo warns: ${message}.`, ...(explained && { why: explained }) }];
}
