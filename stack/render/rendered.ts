import type { Facts } from "../services/service.js";
import type { Artefact, ServicePlan } from "./artefact.js";

/** A definition turned into everything one runtime needs; pure output of `render`. */
export interface Rendered {
  facts: Facts;
  /** Configuration of the services, sorted by path. */
  artefacts: Artefact[];
  /** Services in start order. */
  plans: ServicePlan[];
  /** Compose only: text of `docker-compose.yml`. */
  composeFile?: string;
}
