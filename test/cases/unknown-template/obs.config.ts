import { defineStack } from "obs-stack";

export default defineStack({
  name: "shop",
  overrides: {
    alertmanager: {
      route: { receiver: "team" },
      receivers: [
        {
          name: "team",
          webhook_configs: [{ url: "http://localhost:9/" }],
          slack_configs: [
            {
              api_url_file: "/run/secrets/SLACK",
              channel: "#alerts",
              title: '{{ template "slack.default.title" . }}',
              text: '{{ template "slack.defualt.text" . }}',
              footer: '{{ template "shop.footer" . }}',
            },
          ],
        },
        { name: "nobody" },
        { name: "obs-verify" },
      ],
    },
  },
});
