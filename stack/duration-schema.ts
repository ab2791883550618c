import { z } from "zod";
import { parseDuration } from "./duration.js";

/** A duration in Prometheus' notation, as a part of the definition's schema. */
export const duration = z.string().refine((text) => parseDuration(text) !== undefined, {
  error: "not a duration",
  params: { kind: "duration" },
});
