import { placeAt, type RuleCheck } from "../check.js";
import { isNull } from "../yaml.js";

/** Prometheus and Loki read the first document of a file, and drop the others without an error. */
export const severalDocuments: RuleCheck = {
  id: "several-documents",
  severity: "warning",
  run: ({ files }) =>
    files.flatMap((file) => {
      const second = file.documents[1];
      if (file.kind === "kubernetes" || isNull(second?.contents ?? undefined)) return [];
      return [
        {
          id: "several-documents",
          severity: "warning",
          what: "Rules from here on are ignored.",
          why: "Prometheus reads the first YAML document of a file only; a line with --- begins another one.",
          next: "Put the groups into one document, or into files of their own.",
          place: placeAt(file, second!.contents!.range[0]),
        },
      ];
    }),
};
