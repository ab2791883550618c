import { ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";
import { neutral, states } from "./colours.js";

/** From which value on something is a warning, and from which critical. Where there is an alert, its thresholds. */
export type Limits = { warning: number; critical?: number } | { warning?: number; critical: number };

/** Limits, and on which side of them it is bad. */
export type Thresholds = Limits & { side: "above" | "below" };

/** The more, the worse. */
export function above<Given extends Limits>(limits: Given): Given & { side: "above" } {
  return { ...limits, side: "above" };
}

/** The less, the worse. */
export function below<Given extends Limits>(limits: Given): Given & { side: "below" } {
  return { ...limits, side: "below" };
}

/** As Grafana stores them: each step holds from its value on, the first from minus infinity. */
export function thresholdSteps(thresholds?: Thresholds): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(stepsOf(thresholds));
}

function stepsOf(thresholds?: Thresholds): { value: number | null; color: string }[] {
  if (!thresholds) return [{ value: null, color: neutral }];
  const { warning, critical, side } = thresholds;
  if (side === "above")
    return [
      { value: null, color: states.ok },
      ...(warning === undefined ? [] : [{ value: warning, color: states.warning }]),
      ...(critical === undefined ? [] : [{ value: critical, color: states.critical }]),
    ];
  return [
    { value: null, color: critical === undefined ? states.warning : states.critical },
    ...(critical === undefined || warning === undefined ? [] : [{ value: critical, color: states.warning }]),
    { value: warning ?? critical ?? 0, color: states.ok },
  ];
}
