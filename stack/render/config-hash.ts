import { createHash } from "node:crypto";
import type { Artefact } from "./artefact.js";

/** SHA-256 over names and texts of files, whatever their order: equal exactly when a program would read the same. */
export function configHash(artefacts: readonly Artefact[]): string {
  const hash = createHash("sha256");
  for (const { path, text } of [...artefacts].sort((a, b) => (a.path < b.path ? -1 : 1)))
    hash.update(`${path}\0${text.length}\0${text}\0`);
  return hash.digest("hex");
}
