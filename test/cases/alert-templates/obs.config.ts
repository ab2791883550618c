import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  overrides: { alertmanager: { templates: ["templates/*.tmpl", "/etc/alertmanager/own.tmpl"] } },
});
