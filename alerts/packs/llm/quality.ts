import { alert, type RuleGroupInput, record } from "obs-stack";
import { counter, gauge, type Phase, series, stepsOf } from "./cases.js";
import { increase } from "./increase.js";
import type { Labels } from "./subjects.js";

/** When falling quality is told of; `false` leaves the alert out. */
export interface QualityOptions {
  /**
   * How far the mean score of judged answers may fall below that of the week before, as a share of it. Scores are from 0 to 1, and
   * higher is better. Default: warning below 0.9 of it, of 100 judged answers in 3 hours: with fewer, the mean of typical scores
   * (deviation 0.3) wavers by more than a third of what is looked for. Models and variants are taken together: a change to a worse
   * model is just what it is to find.
   */
  quality?: { warning?: number; minimumJudged?: number } | false;
}

const by = ["evaluation", "feature"];
const parts = {
  sum: "evaluation_feature:llm_quality_score_sum:increase3h",
  count: "evaluation_feature:llm_quality_score_count:increase3h",
};
const steps = stepsOf(1_800_000);
const day = 48;
const subject = { evaluation: "relevance", feature: "search" };

/** Answers that get worse. */
export function qualityGroups({ quality = {} }: QualityOptions): RuleGroupInput[] {
  if (quality === false) return [];
  return [
    {
      name: "llm-quality",
      interval: "5m",
      rules: [
        scores("sum"),
        scores("count"),
        fallingAlert(quality.warning ?? 0.9, quality.minimumJudged ?? 100),
      ],
    },
  ];
}

function scores(part: "sum" | "count") {
  const metric = `llm_quality_score_${part}`;
  const labels = { ...subject, model: "gpt-4o", variant: "a" };
  return record(parts[part], {
    expr: increase({ metric, by, window: "3h" }),
    cases: [
      {
        name: "models, variants and instances are taken together, evaluations and features are not",
        interval: steps.interval,
        series: {
          [series(metric, { ...labels, instance: "a" })]: counter([[1, 12]]),
          [series(metric, { ...labels, instance: "b", model: "gpt-4o-mini" })]: counter([[2, 12]]),
          [series(metric, { ...labels, instance: "b", variant: "b" })]: counter([[3, 12]]),
          [series(metric, { ...labels, evaluation: "similarity" })]: counter([[4, 12]]),
          [series(metric, { ...labels, feature: "summary" })]: counter([[5, 12]]),
        },
        gives: {
          "6h": {
            '{evaluation="relevance", feature="search"}': 36,
            '{evaluation="similarity", feature="search"}': 24,
            '{evaluation="relevance", feature="summary"}': 30,
          },
        },
      },
    ],
  });
}

function fallingAlert(share: number, minimum: number) {
  const { interval, at } = steps;
  const judged = (count: readonly Phase[], mean: readonly Phase[], labels: Labels = {}) => ({
    [series(parts.count, { ...subject, ...labels })]: gauge(count),
    [series(parts.sum, { ...subject, ...labels })]: gauge(
      mean.map(([score, steps], at) => [score * (count[at] ?? count[0])![0], steps]),
    ),
  });
  const n = minimum * 1.05;
  const end = 8 * day;
  /** A week with other scores before it and in its halves, whose mean is 0.8; then the score now. */
  const week = (then: number, steps = 4): Phase[] => [
    [0.1, day - 5], [0.7, 3.5 * day], [0.9, 3.5 * day], [0.8, 5], [then, steps],
  ]; // biome-ignore format: a timeline
  const constant = (phases: readonly Phase[]): Phase[] => phases.map(([, steps]) => [n, steps]);
  const of = (phases: readonly Phase[]) => judged(constant(phases), phases);
  return alert("LlmQualityFalling", {
    // Sums and counts are summed up before they are divided: hours with few answers weigh little.
    expr: `${parts.sum} / (${parts.count} >= ${minimum})
  < ${share} * (
    sum_over_time(${parts.sum}[7d] offset 3h) / (sum_over_time(${parts.count}[7d] offset 3h) > 0)
  )
and
  last_over_time(${parts.count}[1d] offset 1d)`,
    for: "1h",
    severity: "warning",
    dashboard: "llm-providers",
    summary: `Answers of feature {{ $labels.feature }} get worse: {{ $labels.evaluation }} {{ $value | printf "%.2f" }}`,
    description: `The mean score of the last three hours is {{ $value | printf "%.2f" }}, less than ${Number((share * 100).toPrecision(4))} % of that of the week before. What changed: model or its version, prompt, retrieval, the kind of questions, or the judge itself?`,
    cases: [
      {
        kind: "fires",
        name: "the mean falls a little below what is left to it, of one feature and evaluation",
        interval,
        series: {
          ...of(week(0.8 * share * 0.985)),
          ...judged([[n * 9, end + 8]], [[0.8, end + 8]], { feature: "summary" }),
          ...judged([[n * 9, end + 8]], [[0.8, end + 8]], { evaluation: "similarity" }),
        },
        firing: { [at(end)]: false, [at(end + 1)]: false, [at(end + 2)]: [subject] },
      },
      {
        kind: "quiet",
        name: "it falls, but not as far",
        interval,
        series: of(week(0.8 * share * 1.015)),
        firing: { [at(end + 3)]: false },
      },
      {
        kind: "quiet",
        name: "it falls far, but too few answers are judged to tell",
        interval,
        series: judged(
          [
            [n * 2, 3 * day],
            [minimum * 0.95, 10],
          ],
          [
            [0.8, 3 * day],
            [0.2, 10],
          ],
        ),
        firing: { [at(3 * day + 9)]: false },
      },
      {
        kind: "quiet",
        name: "a bad night with few answers in the week before doesn't count as much as its days",
        interval,
        series: judged(
          [
            [n * 10, 2 * day],
            [n / 10, day],
            [n, 10],
          ],
          [
            [0.8, 2 * day],
            [1, day],
            [0.8 * share * 1.01, 10],
          ],
        ),
        firing: { [at(3 * day + 9)]: false },
      },
      {
        kind: "resolves",
        name: "answers are good again",
        interval,
        series: of([
          [0.8, 3 * day],
          [0.5, 10],
          [0.8, 10],
        ]),
        firing: { [at(3 * day + 9)]: [subject], [at(3 * day + 10)]: false },
      },
      {
        kind: "no data",
        name: "a feature that is judged for less than a day has nothing to be compared with; one of two days has",
        interval,
        series: {
          ...of([
            [0.8, day - 12],
            [0.2, 10],
          ]),
          ...judged(
            [[n, 3 * day]],
            [
              [0.8, 2 * day],
              [0.2, day],
            ],
            { feature: "summary" },
          ),
        },
        firing: { [at(day - 3)]: false, [at(2 * day + 10)]: [{ feature: "summary" }] },
      },
      {
        kind: "fires",
        name: "judged again after more than a day without calls",
        interval,
        series: {
          [series(parts.count, subject)]: `${gauge([[n, 10]])} _x${1.5 * day} ${gauge([[n, 10]])}`,
          [series(parts.sum, subject)]: `${gauge([[n * 0.8, 10]])} _x${1.5 * day} ${gauge([[n * 0.5, 10]])}`,
        },
        firing: { [at(1.5 * day + 10)]: false, [at(1.5 * day + 15)]: true },
      },
      {
        kind: "no data",
        name: "judged for the first time in days",
        interval,
        series: {
          [series(parts.count, subject)]: `${gauge([[n, 10]])} _x${3 * day} ${gauge([[n, 10]])}`,
          [series(parts.sum, subject)]: `${gauge([[n, 10]])} _x${3 * day} ${gauge([[n / 5, 10]])}`,
        },
        firing: { [at(3 * day + 19)]: false },
      },
      {
        kind: "no data",
        name: "the judge stops",
        interval,
        series: of([
          [0.8, 3 * day],
          [0.5, 10],
        ]),
        firing: { [at(3 * day + 9)]: true, [at(3 * day + 11)]: false },
      },
    ],
  });
}
