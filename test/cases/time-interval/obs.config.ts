import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  alerting: { receivers: { oncall: { webhook: [{ url: "http://localhost:9/" }] } } },
  overrides: {
    alertmanager: {
      time_intervals: [
        { name: "nights", time_intervals: [{ times: [{ start_time: "22:00", end_time: "24:00" }] }] },
        { name: "weekends", time_intervals: [{ weekdays: ["saturday", "sunday"] }] },
        { name: "holidays", time_intervals: [{ months: ["august"] }] },
        { name: "weekends", time_intervals: [{ weekdays: ["sunday"] }] },
      ],
      route: {
        routes: [
          { matchers: ['severity="info"'], mute_time_intervals: ["night", "weekends"] },
          { matchers: ['severity="warning"'], active_time_intervals: ["office"] },
        ],
      },
    },
  },
});
