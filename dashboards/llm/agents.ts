import { quantile, ratio, sumBy } from "../expressions.js";
import {
  dashboard,
  exemplars,
  feature,
  firingAlerts,
  promql,
  row,
  section,
  span,
  stat,
  table,
  team,
  timeseries,
  variable,
} from "../lib/index.js";
import { limits } from "../limits.js";
import { percentiles, perSecond, reasons } from "./calls.js";

const of = (metric: string) => `${metric}{agent=~"$agent", feature=~"$feature", team=~"$team"}`;
const rate = (metric: string, by: readonly string[] = []) => sumBy(by, perSecond(of(metric)));
const recently = (metric: string, by: readonly string[] = []) => sumBy(by, `increase(${of(metric)}[15m])`);
const failed = (by: readonly string[] = []) =>
  ratio(recently("agent_errors_total", by), recently("agent_requests_total", by));
const toolFailed = (by: readonly string[]) =>
  ratio(recently("agent_tool_errors_total", by), recently("agent_tool_calls_total", by));

/** Do agents get done what they are asked for, and which tool stands in their way? */
export const agents = () =>
  dashboard({
    uid: "agents",
    title: "Agents and tools",
    description: "Do agents get done what they are asked for, and which tool stands in their way?",
    variables: [
      variable({ name: "agent", title: "Agent", metric: "agent_requests_total" }),
      feature("agent_requests_total"),
      team("agent_requests_total"),
    ],
    alerts: "Agent.*",
    rows: [
      row(
        4,
        stat({
          title: "Runs per second",
          description: "Runs of agents, failed ones included.",
          whenRed: "At zero while runs are in progress: they are stuck; see which below.",
          mayBeEmpty: reasons.noAgents,
          unit: "perSecond",
          sparkline: true,
          queries: [promql(rate("agent_requests_total"))],
        }),
        stat({
          title: "Failed runs",
          description: "Share of runs that failed within 15 minutes.",
          whenRed: "See which agent, then whether its tools or its model fail.",
          mayBeEmpty: reasons.noAgents,
          unit: "ratio",
          sparkline: true,
          thresholds: limits.failedRuns,
          queries: [promql(failed())],
        }),
        stat({
          title: "Runs in progress",
          description: "Runs that go on now.",
          whenRed: "Rising without runs that end: they wait for a tool or a model, or turn in a circle.",
          mayBeEmpty: reasons.noAgents,
          unit: "count",
          sparkline: true,
          queries: [promql(`sum(${of("agent_active")})`)],
        }),
        stat({
          title: "Cost of a run",
          description: "What a run costs on average, all its calls together.",
          whenRed: "More calls a run, or more tokens a call: see tokens by agent.",
          mayBeEmpty: reasons.noAgents,
          unit: "usd",
          sparkline: true,
          queries: [promql(`${rate("agent_cost_total")} / (${rate("agent_requests_total")} > 0)`)],
        }),
      ),
      row(
        8,
        span(
          16,
          table({
            title: "Agents compared",
            description: "The last minutes of each agent.",
            whenRed: "Start with the agent that fails most, and see its tools below.",
            mayBeEmpty: reasons.noAgents,
            by: { agent: "Agent" },
            sortBy: "Runs/s",
            values: [
              { title: "Runs/s", unit: "perSecond", promql: rate("agent_requests_total", ["agent"]) },
              {
                title: "Failed",
                unit: "ratio",
                promql: failed(["agent"]),
                thresholds: limits.failedRuns,
              },
              {
                title: "P95",
                unit: "seconds",
                promql: quantile(0.95, of("agent_duration_seconds_bucket"), ["agent"]),
              },
              {
                title: "USD/hour",
                unit: "usd",
                promql: sumBy(["agent"], `increase(${of("agent_cost_total")}[1h])`),
              },
            ],
          }),
        ),
        firingAlerts("Agent.*"),
      ),
      row(
        8,
        timeseries({
          title: "How long runs take",
          description:
            "From the first thought to the answer. A dot is a trace of a run: click it to see each step.",
          whenRed: "Open a dot far up: a slow tool, many steps, or a model that takes its time.",
          mayBeEmpty: reasons.noAgents,
          unit: "seconds",
          colours: "percentiles",
          queries: [
            ...percentiles(of("agent_duration_seconds_bucket")),
            exemplars('gen_ai_operation_name="invoke_agent"'),
          ],
        }),
        timeseries({
          title: "Failed runs by agent",
          description: "Share of runs that failed within 15 minutes.",
          whenRed: "One agent: its tools or its prompt. All: the model they share.",
          mayBeEmpty: reasons.noAgents,
          unit: "ratio",
          thresholds: limits.failedRuns,
          queries: [promql(failed(["agent"]), "{{agent}}")],
        }),
      ),
      row(
        8,
        timeseries({
          title: "Tool calls",
          description: "Calls of tools per second.",
          whenRed:
            "A tool that is called ever more often by the same number of runs: an agent turns in a circle.",
          mayBeEmpty: reasons.noAgents,
          unit: "perSecond",
          stacked: true,
          queries: [promql(rate("agent_tool_calls_total", ["tool"]), "{{tool}}")],
        }),
        timeseries({
          title: "Failed tool calls",
          description: "Share of a tool's calls that failed within 15 minutes.",
          whenRed: "Call the tool by hand: its service may be down, or its arguments no longer fit.",
          mayBeEmpty: reasons.noAgents,
          unit: "ratio",
          thresholds: limits.failedTools,
          queries: [promql(toolFailed(["tool"]), "{{tool}}")],
        }),
        timeseries({
          title: "Tokens by agent",
          description: "Tokens per second that an agent's calls use.",
          whenRed: "More tokens for the same runs: conversations grow, results of tools are pasted in whole.",
          mayBeEmpty: reasons.noAgents,
          unit: "tokensPerSecond",
          stacked: true,
          queries: [promql(rate("agent_tokens_total", ["agent"]), "{{agent}}")],
        }),
      ),
    ],
    sections: [
      section(
        "Failures and cost",
        row(
          8,
          timeseries({
            title: "Failed runs by kind",
            description: "Failed runs per second by the kind of failure.",
            whenRed: "The kind says where to look: the model, a tool, a limit of steps.",
            mayBeEmpty: reasons.noFailures,
            unit: "perSecond",
            stacked: true,
            queries: [promql(rate("agent_errors_total", ["error_type"]), "{{error_type}}")],
          }),
          timeseries({
            title: "Failed tool calls by kind",
            description: "Failed calls of tools per second by the kind of failure.",
            whenRed:
              "`timeout`: the tool's service is slow. Others are mostly arguments that the model got wrong.",
            mayBeEmpty: reasons.noFailures,
            unit: "perSecond",
            stacked: true,
            queries: [promql(rate("agent_tool_errors_total", ["error_type"]), "{{error_type}}")],
          }),
          timeseries({
            title: "Cost per hour by agent",
            description: "What each agent cost in the hour before.",
            whenRed: "An agent in a circle costs most: look at its tool calls.",
            mayBeEmpty: reasons.noAgents,
            unit: "usd",
            stacked: true,
            queries: [promql(sumBy(["agent"], `increase(${of("agent_cost_total")}[1h])`), "{{agent}}")],
          }),
        ),
      ),
    ],
  });
