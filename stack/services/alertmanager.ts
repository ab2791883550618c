import type { Receiver, RouteInput, Stack } from "../define.js";
import { isSecretRef, type SecretRef } from "../secret.js";
import { ownReceivers, reachesThisMachine, verifyLabel, verifyWebhookSecret } from "./names.js";
import type { RenderContext, Service } from "./service.js";

const { nobody, verify: verifyReceiver } = ownReceivers;

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
      keys: ["alerting.receivers", "alerting.route"],
      content: alertmanagerConfig(context),
    },
  ],
  secrets: (stack) => [verifyWebhookSecret, ...receiverSecrets(stack)],
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
  const { route, receivers } = stack.alerting;
  return {
    route: {
      receiver: route.receiver ?? onlyReceiver(stack) ?? nobody,
      group_by: route.groupBy ?? ["alertname", "service"],
      group_wait: route.groupWait ?? "30s",
      group_interval: route.groupInterval ?? "5m",
      repeat_interval: route.repeatInterval ?? "4h",
      routes: [
        {
          // The stack's own test alert: first, so that it never reaches people.
          receiver: verifyReceiver,
          matchers: [`${verifyLabel}!=""`],
          group_by: [verifyLabel],
          group_wait: "0s",
          group_interval: "1s",
          repeat_interval: "1h",
        },
        ...(route.routes ?? []).map(renderRoute),
      ],
    },
    receivers: [
      { name: nobody },
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

/** With a single receiver there is no doubt where alerts go; with several the routes must say. */
function onlyReceiver(stack: Stack): string | undefined {
  const names = Object.keys(stack.alerting.receivers);
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
    })),
    pagerduty_configs: receiver.pagerduty.map((pagerduty) => ({
      routing_key_file: file(pagerduty.routingKey),
      severity: pagerduty.severity,
    })),
    email_configs: receiver.email.map((email) => ({
      to: email.to,
      from: email.from,
      smarthost: email.smarthost,
      auth_username: email.username,
      auth_password_file: email.password && file(email.password),
      require_tls: email.requireTls,
      send_resolved: true,
    })),
    webhook_configs: receiver.webhook.map((webhook) => ({
      ...(isSecretRef(webhook.url) ? { url_file: file(webhook.url) } : { url: external(webhook.url) }),
      send_resolved: webhook.sendResolved,
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

function receiverSecrets(stack: Stack): string[] {
  return Object.values(stack.alerting.receivers).flatMap((receiver) =>
    [
      ...receiver.slack.map((slack) => slack.webhookUrl),
      ...receiver.pagerduty.map((pagerduty) => pagerduty.routingKey),
      ...receiver.email.map((email) => email.password),
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
