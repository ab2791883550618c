import { inhibitRules } from "../alerting/inhibitions.js";
import { messageTemplates } from "../alerting/messages.js";
import type { Receiver, RouteInput, Stack } from "../define.js";
import { isSecretRef, type SecretRef } from "../secret.js";
import {
  drillLabel,
  drillWebhookSecret,
  heartbeatSeverity,
  ownReceivers,
  reachesThisMachine,
  verifyLabel,
  verifyWebhookSecret,
} from "./names.js";
import type { ConfigFile, RenderContext, Service } from "./service.js";

const { nobody, verify: verifyReceiver, drill: drillReceiver } = ownReceivers;

/** Routes alerts to people. */
export const alertmanager: Service = {
  name: "alertmanager",
  title: "routes alerts to people",
  program: "alertmanager",
  user: "65534:65534",
  imageDataDir: "/alertmanager",
  wanted: () => true,
  ports: () => ["alertmanager"],
  published: () => ["alertmanager"],
  args: ({ at }) => [
    `--config.file=${at.configDir("alertmanager")}/alertmanager.yml`,
    `--storage.path=${at.dataDir("alertmanager")}`,
    `--web.listen-address=${at.listen("alertmanager")}`,
    // One instance needs no gossip; left alone it would listen on every interface.
    "--cluster.listen-address=",
    // Silences live in memory between snapshots: a minute may be lost to a crash instead of a quarter of an hour.
    "--data.maintenance-interval=1m",
    "--log.level=info",
  ],
  files: (context) => [
    {
      path: "alertmanager.yml",
      main: true,
      keys: ["alerting"],
      content: alertmanagerConfig(context),
    },
    {
      path: "templates/obs.tmpl",
      keys: ["alerting.templates"],
      content: messageTemplates,
    },
    ...context.templates.map(
      ({ name, source, text }): ConfigFile => ({
        // Read after those of obs: what they define anew wins.
        path: `templates/project-${name}`,
        keys: ["alerting.templates"],
        content: text,
        copyOf: source,
      }),
    ),
  ],
  secrets: (stack) => [verifyWebhookSecret, drillWebhookSecret, ...receiverSecrets(stack)],
  readiness: () => ({ port: "alertmanager", path: "/-/ready" }),
  metrics: () => ({ port: "alertmanager", path: "/metrics" }),
  reload: "SIGHUP",
  reloadMetrics: {
    successful: "alertmanager_config_last_reload_successful",
    timestamp: "alertmanager_config_last_reload_success_timestamp_seconds",
  },
  memoryMiB: () => 128,
  compose: reachesThisMachine,
  page: { port: "alertmanager", title: "alerts and silences" },
};

function alertmanagerConfig({ stack, at }: RenderContext): object {
  const file = (ref: SecretRef) => at.secretFile("alertmanager", ref.secret);
  const { route, receivers, timeIntervals, heartbeat } = stack.alerting;
  return {
    templates: [`${at.configDir("alertmanager")}/templates/*.tmpl`],
    route: {
      receiver: route.receiver ?? onlyReceiver(stack) ?? nobody,
      group_by: route.groupBy ?? ["alertname", "service"],
      group_wait: route.groupWait ?? "30s",
      group_interval: route.groupInterval ?? "5m",
      repeat_interval: route.repeatInterval ?? "4h",
      routes: [
        {
          // A drill's alerts: first, so that they never reach people.
          receiver: drillReceiver,
          matchers: [`${drillLabel}!=""`],
          group_by: [drillLabel, "alertname"],
          group_wait: "0s",
          group_interval: "1s",
          repeat_interval: "1h",
        },
        {
          // The stack's own test alert: neither does it.
          receiver: verifyReceiver,
          matchers: [`${verifyLabel}!=""`],
          group_by: [verifyLabel],
          group_wait: "0s",
          group_interval: "1s",
          repeat_interval: "1h",
        },
        {
          // Always firing: for a heartbeat service, or for nobody.
          receiver: heartbeat?.receiver ?? nobody,
          matchers: [`severity="${heartbeatSeverity}"`],
          ...(heartbeat && { group_wait: "0s", group_interval: "1m", repeat_interval: "1m" }),
        },
        ...(route.routes ?? []).map(renderRoute),
      ],
    },
    inhibit_rules: inhibitRules(stack),
    ...(Object.keys(timeIntervals).length > 0 && {
      time_intervals: Object.entries(timeIntervals).map(([name, intervals]) => ({
        name,
        time_intervals: intervals.map((each) =>
          compact({
            times: each.times?.map(({ from, to }) => ({ start_time: from, end_time: to })),
            weekdays: each.weekdays,
            days_of_month: each.daysOfMonth,
            months: each.months,
            years: each.years,
            location: each.location,
          }),
        ),
      })),
    }),
    receivers: [
      { name: nobody },
      {
        name: drillReceiver,
        webhook_configs: [
          { url_file: at.secretFile("alertmanager", drillWebhookSecret), send_resolved: true },
        ],
      },
      {
        name: verifyReceiver,
        webhook_configs: [
          { url_file: at.secretFile("alertmanager", verifyWebhookSecret), send_resolved: true },
        ],
      },
      ...Object.entries(receivers).map(([name, receiver]) => ({
        name,
        ...renderReceiver(receiver, file, at.external),
      })),
    ],
  };
}

/** With a single receiver beside the heartbeat's there is no doubt where alerts go; with several the routes must say. */
function onlyReceiver({ alerting: { receivers, heartbeat } }: Stack): string | undefined {
  const names = Object.keys(receivers).filter((name) => name !== heartbeat?.receiver);
  return names.length === 1 ? names[0] : undefined;
}

function renderRoute(route: RouteInput): object {
  return compact({
    receiver: route.receiver,
    matchers: route.matchers,
    continue: route.continue,
    group_by: route.groupBy,
    group_wait: route.groupWait,
    group_interval: route.groupInterval,
    repeat_interval: route.repeatInterval,
    mute_time_intervals: route.muteTimeIntervals,
    active_time_intervals: route.activeTimeIntervals,
    routes: route.routes?.map(renderRoute),
  });
}

function renderReceiver(
  receiver: Receiver,
  file: (ref: SecretRef) => string,
  external: (address: string) => string,
): object {
  const lists = {
    slack_configs: receiver.slack.map((slack) => ({
      api_url_file: file(slack.webhookUrl),
      channel: slack.channel,
      send_resolved: slack.sendResolved,
      color: template("obs.color"),
      title: template("obs.title"),
      title_link: template("obs.link"),
      text: template("obs.slack.text"),
      fallback: template("obs.title"),
    })),
    pagerduty_configs: receiver.pagerduty.map((pagerduty) => ({
      routing_key_file: file(pagerduty.routingKey),
      severity: pagerduty.severity ?? template("obs.pagerduty.severity"),
      description: template("obs.title"),
      client: template("obs.link.title"),
      client_url: template("obs.link"),
      details: {
        text: template("obs.text"),
        runbook: "{{ .CommonAnnotations.runbook_url }}",
        dashboard: "{{ .CommonAnnotations.dashboard_url }}",
      },
    })),
    email_configs: receiver.email.map((email) => ({
      to: email.to,
      from: email.from,
      smarthost: email.smarthost,
      auth_username: email.username,
      auth_password_file: email.password && file(email.password),
      require_tls: email.requireTls,
      send_resolved: true,
      headers: { Subject: template("obs.title") },
      html: template("obs.html"),
      text: template("obs.text"),
    })),
    msteamsv2_configs: receiver.msteams.map((msteams) => ({
      webhook_url_file: file(msteams.webhookUrl),
      send_resolved: msteams.sendResolved,
      title: template("obs.title"),
      text: template("obs.markdown"),
    })),
    opsgenie_configs: receiver.opsgenie.map((opsgenie) => ({
      api_key_file: file(opsgenie.apiKey),
      api_url: opsgenie.apiUrl,
      send_resolved: opsgenie.sendResolved,
      message: template("obs.title"),
      description: template("obs.text"),
      priority: opsgenie.priority ?? template("obs.opsgenie.priority"),
      responders: opsgenie.responders.length > 0 ? opsgenie.responders : undefined,
    })),
    webhook_configs: receiver.webhook.map((webhook) => ({
      ...(isSecretRef(webhook.url) ? { url_file: file(webhook.url) } : { url: external(webhook.url) }),
      send_resolved: webhook.sendResolved,
      // One that hangs would be tried again only when the group is told anew, minutes later.
      timeout: "10s",
      http_config: webhook.bearer && {
        authorization: { type: "Bearer", credentials_file: file(webhook.bearer) },
      },
    })),
  };
  return Object.fromEntries(
    Object.entries(lists)
      .filter(([, list]) => list.length > 0)
      .map(([key, list]) => [key, list.map(compact)]),
  );
}

function template(name: string): string {
  return `{{ template "${name}" . }}`;
}

function receiverSecrets(stack: Stack): string[] {
  return Object.values(stack.alerting.receivers).flatMap((receiver) =>
    [
      ...receiver.slack.map((slack) => slack.webhookUrl),
      ...receiver.pagerduty.map((pagerduty) => pagerduty.routingKey),
      ...receiver.email.map((email) => email.password),
      ...receiver.msteams.map((msteams) => msteams.webhookUrl),
      ...receiver.opsgenie.map((opsgenie) => opsgenie.apiKey),
      ...receiver.webhook.flatMap((webhook) => [
        isSecretRef(webhook.url) ? webhook.url : undefined,
        webhook.bearer,
      ]),
    ].flatMap((ref) => (ref ? [ref.secret] : [])),
  );
}

function compact<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Partial<T>;
}
