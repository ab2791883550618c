import { alert, type RuleGroupInput } from "obs-stack";
import { counter, gauge, type Phase, series, shareCases, stepsOf } from "./cases.js";
import { increase } from "./increase.js";
import { type Labels, percent } from "./subjects.js";

/** When agents are told of; `false` leaves an alert out. */
export interface AgentOptions {
  /**
   * Share of an agent's runs that fail. Default: warning above 0.1 over 15m, of 10 runs at least: an agent makes many calls, so its
   * runs fail more often than any of them.
   */
  agentErrors?: ShareLimit | false;
  /** Share of an agent's calls of a tool that fail. Default: above 0.1 over 15m, of 10 calls. */
  toolErrors?: ShareLimit | false;
  /**
   * Runs go on, and none ends for so long. Default: 30m, the last bound of `agent_duration_seconds`. Longer than the longest run
   * that is right.
   */
  agentStuck?: { after?: string } | false;
}

interface ShareLimit {
  warning?: number;
  window?: string;
  minimum?: number;
}

const sample = { agent: "researcher", feature: "search", team: "shop" };
const others = { agent: "writer", team: "office", tool: "sql" };

/** Agents and their tools. */
export function agentGroups({
  agentErrors = {},
  toolErrors = {},
  agentStuck = {},
}: AgentOptions): RuleGroupInput[] {
  return [
    {
      name: "agents",
      rules: [
        ...(agentErrors === false ? [] : [agentErrorAlert(agentErrors)]),
        ...(toolErrors === false ? [] : [toolErrorAlert(toolErrors)]),
        ...(agentStuck === false ? [] : [stuckAlert(agentStuck.after ?? "30m")]),
      ],
    },
  ];
}

function agentErrorAlert({ warning = 0.1, window = "15m", minimum = 10 }: ShareLimit) {
  const by = ["agent", "team"];
  return alert("AgentErrorRateHigh", {
    expr: `${increase({ metric: "agent_errors_total", by, window })}
  / (${increase({ metric: "agent_requests_total", by, window })} >= ${minimum})
  > ${warning}`,
    for: "5m",
    severity: "warning",
    cause: "agent-errors",
    dashboard: "agents",
    summary: "{{ $value | humanizePercentage }} of the runs of agent {{ $labels.agent }} fail",
    description: `Over the last ${window}, {{ $value | humanizePercentage }} of its runs (team {{ $labels.team }}) failed; ${percent(warning)} may. Do calls of the model fail, or tools, or does it run out of steps? The label error_type of agent_errors_total tells.`,
    cases: shareCases({
      window,
      for: "5m",
      share: warning,
      minimum,
      by,
      sample,
      others,
      one: "run",
      bad: "fails",
      series: (labels, all, bad, start) => ({
        [series("agent_requests_total", { ...labels, status: "any" })]: counter(all, start),
        ...(bad && {
          [series("agent_errors_total", { ...labels, error_type: "max_steps" })]: counter(bad, start),
        }),
      }),
    }),
  });
}

function toolErrorAlert({ warning = 0.1, window = "15m", minimum = 10 }: ShareLimit) {
  const by = ["agent", "tool"];
  return alert("AgentToolErrorsHigh", {
    expr: `${increase({ metric: "agent_tool_errors_total", by, window })}
  / (${increase({ metric: "agent_tool_calls_total", by, window })} >= ${minimum})
  > ${warning}`,
    for: "5m",
    severity: "warning",
    cause: "agent-tool-errors",
    dashboard: "agents",
    summary:
      "{{ $value | humanizePercentage }} of the calls of tool {{ $labels.tool }} by agent {{ $labels.agent }} fail",
    description: `Over the last ${window}, {{ $value | humanizePercentage }} of these calls failed; ${percent(warning)} may. The agent works around it: more steps, more tokens, worse answers. Is the tool's service down, or are the arguments wrong?`,
    cases: shareCases({
      window,
      for: "5m",
      share: warning,
      minimum,
      by,
      sample: { ...sample, tool: "web-search" },
      others,
      one: "call",
      bad: "fails",
      series: (labels: Labels, all: readonly Phase[], bad?: readonly Phase[], start?: number) => ({
        [series("agent_tool_calls_total", labels)]: counter(all, start),
        ...(bad && {
          [series("agent_tool_errors_total", { ...labels, error_type: "timeout" })]: counter(bad, start),
        }),
      }),
    }),
  });
}

function stuckAlert(after: string) {
  const by = ["agent", "team"];
  const { interval, at, during } = stepsOf(60_000);
  const wait = during(after);
  const end = wait + 40;
  const subject = { agent: "researcher", team: "shop" };
  const runs = (active: readonly Phase[], ended: readonly Phase[], labels: Labels = {}) => ({
    [series("agent_active", { ...sample, ...labels })]: gauge(active),
    [series("agent_requests_total", { ...sample, status: "any", ...labels })]: counter(ended),
  });
  return alert("AgentStuck", {
    // Each run that ends starts the waiting anew.
    expr: `sum by (${by.join(", ")}) (agent_active) > 0
unless
  ${increase({ metric: "agent_requests_total", by, window: "5m" })} > 0`,
    for: after,
    severity: "warning",
    cause: "agent-stuck",
    dashboard: "agents",
    summary: `Agent {{ $labels.agent }} runs, but no run has ended for ${after}`,
    description: `{{ $value | printf "%.0f" }} runs (team {{ $labels.team }}) go on and none ends. They wait for a model, a tool or each other, or loop, which costs: look at agent_cost_total and at the trace of the oldest run.`,
    cases: [
      {
        kind: "fires",
        name: "runs go on and none ends, those of others end",
        interval,
        series: {
          ...runs(
            [
              [0, 10],
              [2, end],
            ],
            [[0, end + 9]],
          ),
          ...runs([[2, end + 10]], [[1, end + 9]], { agent: "writer" }),
          ...runs([[2, end + 10]], [[1, end + 9]], { team: "office" }),
        },
        firing: { [at(9 + wait)]: false, [at(10 + wait)]: [subject], [at(end)]: [subject] },
      },
      {
        kind: "fires",
        name: "from the time on at which the last run ended",
        interval,
        series: runs(
          [[2, end + 10]],
          [
            [1, 10],
            [0, end],
          ],
        ),
        firing: { [at(wait + 10)]: false, [at(wait + 13)]: false, [at(wait + 14)]: [subject] },
      },
      {
        kind: "fires",
        name: "an instance that died with the series of its ended runs is no run that ended",
        interval,
        series: { [series("agent_active", sample)]: gauge([[1, end]]) },
        firing: { [at(wait - 1)]: false, [at(wait)]: [subject] },
      },
      {
        kind: "quiet",
        name: "slow, but one run of two instances ends now and then",
        interval,
        series: {
          ...runs([[1, end + 10]], [[0, end + 9]], { instance: "a" }),
          ...runs(
            [[1, end + 10]],
            [
              [0, wait - 6],
              [1, 1],
              [0, end - wait + 14],
            ],
            { instance: "b" },
          ),
        },
        firing: { [at(wait + 5)]: false, [at(wait + 20)]: false },
      },
      {
        kind: "quiet",
        name: "nothing runs",
        interval,
        series: runs([[0, end]], [[0, end]]),
        firing: { [at(end - 1)]: false },
      },
      {
        kind: "resolves",
        name: "the run ends",
        interval,
        series: runs(
          [
            [1, wait + 10],
            [0, 10],
          ],
          [
            [0, wait + 9],
            [1, 1],
            [0, 9],
          ],
        ),
        firing: { [at(wait + 9)]: true, [at(wait + 11)]: false },
      },
      {
        kind: "no data",
        name: "the agent's process is gone, with all of its series",
        interval,
        series: runs([[1, wait + 5]], [[0, wait + 4]]),
        firing: { [at(wait + 4)]: true, [at(wait + 11)]: false },
      },
    ],
  });
}
