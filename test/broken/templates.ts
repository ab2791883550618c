import type { BrokenCase } from "./broken-case.js";

const file = "alerts/messages.tmpl";
const id = "amtool-template-render";

/** Mistakes in the templates of messages: amtool sees them. */
export const templateCases: readonly BrokenCase[] = [
  {
    title: "a field of a notification is misspelt",
    file,
    find: ".Alerts.Firing | len",
    replace: ".Alerts.Frining | len",
    expect: { id, severity: "error", at: ".Alerts‸.Frining" },
    needsPrograms: true,
  },
  {
    title: "a function of a message is misspelt",
    file,
    find: ". | toUpper",
    replace: ". | uppercase",
    expect: { id, severity: "error", at: "uppercase" },
    needsPrograms: true,
  },
  {
    title: "a message looks for an alert that not every notification has",
    file,
    find: "{{ if gt (len .Alerts) 1 }}first: {{ (index .Alerts 1).Labels.instance }}{{ end }}",
    replace: "first: {{ (index .Alerts 1).Labels.instance }}",
    expect: { id, severity: "error", at: "‸index .Alerts 1" },
    needsPrograms: true,
  },
  {
    title: "a label is taken for something with parts",
    file,
    find: "shop: {{ .CommonLabels.alertname }}",
    replace: "shop: {{ .CommonLabels.alertname.short }}",
    expect: { id, severity: "error", at: ".CommonLabels‸.alertname.short" },
    needsPrograms: true,
  },
  {
    title: "a block of a message is not closed",
    file,
    find: "{{ else }}nobody's{{ end }}",
    replace: "{{ else }}nobody's",
    expect: { id, severity: "error", at: '{{ define "obs.link" }}' },
    needsPrograms: true,
  },
  {
    title: "a message uses another by a name that it hasn't got",
    file,
    find: '{{ template "shop.who" . }}',
    replace: '{{ template "shop.whom" . }}',
    expect: { id, severity: "error", at: '{{ template ‸"shop.whom"' },
    needsPrograms: true,
  },
];
