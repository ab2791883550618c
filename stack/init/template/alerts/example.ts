import { alert, defineRules } from "obs-stack";

/** Spans a minute that the collector takes: the notation of Prometheus' own rule tests, `start+step x times`. */
const received = (values: string) => ({ 'otelcol_receiver_accepted_spans_total{receiver="otlp"}': values });

/** A rule of your own, with the proof that it works beside it: `obs test TracesStopped`. */
export const example = defineRules({
  name: "my-rules",
  owner: "my-team",
  groups: [
    {
      name: "telemetry",
      rules: [
        alert("TracesStopped", {
          expr: `
sum(increase(otelcol_receiver_accepted_spans_total[1h])) > 100
unless sum(increase(otelcol_receiver_accepted_spans_total[15m])) > 0`,
          for: "5m",
          severity: "warning",
          summary: "Applications send no traces any more",
          description:
            "There were {{ $value | humanize }} spans in the last hour, and none for a while. Are the applications up?",
          cases: [
            {
              kind: "fires",
              name: "nothing comes any more, for a quarter of an hour and five minutes",
              series: received("0+100x60 6000x60"),
              firing: { "60m": false, "78m": false, "79m": true },
            },
            {
              kind: "quiet",
              name: "they come slowly, or there were hardly any",
              series: received("0+2x120"),
              firing: { "110m": false },
            },
            {
              kind: "resolves",
              name: "they come again",
              series: received("0+100x60 6000x30 6000+100x20"),
              firing: { "90m": true, "95m": false },
            },
            {
              kind: "no data",
              name: "there never were any",
              series: {},
              firing: { "60m": false },
            },
          ],
        }),
      ],
    },
  ],
});
