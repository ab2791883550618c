import { alertMutants } from "./alert-mutants.js";
import { costs10m } from "./costs-10m.js";
import { dashboardsGenerate } from "./dashboards-generate.js";
import { drill } from "./drill.js";
import type { Figure } from "./figure.js";
import { generateValidate } from "./generate-validate.js";
import { helpStart } from "./help-start.js";
import { idleMemory } from "./idle-memory.js";
import { ledgerThroughput } from "./ledger-throughput.js";
import { obsTest } from "./obs-test.js";
import { previewFirstPaint, previewSave } from "./preview.js";
import { previewBundle } from "./preview-bundle.js";
import { quietWeek } from "./quiet-week.js";
import { rulesLinear } from "./rules-linear.js";
import { rulesMemory } from "./rules-memory.js";
import { rulesInProcess, rulesTime } from "./rules-time.js";
import { sdkOverhead, sdkOverheadP99, sdkStreams } from "./sdk-figures.js";
import { thresholdLive } from "./threshold-live.js";
import { throughput } from "./throughput.js";
import { up } from "./up.js";
import { upAgain } from "./up-again.js";
import { verify } from "./verify.js";

/** Every figure, in the order of the table. */
export const figures: readonly Figure[] = [
  helpStart,
  generateValidate,
  dashboardsGenerate,
  previewBundle,
  previewSave,
  previewFirstPaint,
  rulesTime,
  rulesInProcess,
  rulesMemory,
  rulesLinear,
  obsTest,
  alertMutants,
  quietWeek,
  up,
  verify,
  upAgain,
  thresholdLive,
  drill,
  idleMemory,
  // The generator's own shape is the hard one: the work per trace is shared by two spans only.
  throughput({ id: "throughput", childSpans: 1 }),
  // Nearer to an agent's trace.
  throughput({ id: "throughput-10", childSpans: 9 }),
  ledgerThroughput,
  costs10m,
  sdkOverhead,
  sdkOverheadP99,
  sdkStreams,
];
