import { z } from "zod";
import { rulePack } from "./alerting/pack-schema.js";
import { duration } from "./duration-schema.js";
import { moneyShape } from "./llm/money-schema.js";
import { type PortName, portNames } from "./ports.js";
import { labelRegexp } from "./promql/regexp.js";
import { commonSeverities } from "./rules/settings.js";

const byteSize = z.string().regex(/^\d+(\.\d+)?(B|KB|MB|GB|TB)$/, { error: "not a size" });
const secretRef = z.strictObject({
  secret: z.string().regex(/^[A-Z][A-Z0-9_]*$/, "not a name of an environment variable"),
});
const url = z.url({ protocol: /^https?$/, error: "not an http(s) URL" });
const port = z.int().min(1).max(65535);
const hostPort = z.string().regex(/^[^\s/:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/, "not host:port");
const labels = z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "not a label name"), z.string());
const matcher = z
  .string()
  .regex(/^\s*[a-zA-Z_][a-zA-Z0-9_]*\s*(=~|!~|!=|=)/, 'not a matcher like severity="critical"');
const plainText = z.string().min(1);

/** How to reach a target that wants a login: the value of a secret as bearer token, or a user with password. */
const targetAuth = z.union([
  z.strictObject({ bearer: secretRef }),
  z.strictObject({ username: plainText, password: secretRef }),
]);

const scrapeJob = z.strictObject({
  /** Name of the scrape job; the `job` label of everything it collects. */
  job: plainText,
  /** Addresses `host:port`, fixed. */
  static: z.array(hostPort).min(1).optional(),
  /** Files that list targets (Prometheus' file_sd format, JSON or YAML), relative to the project folder; globs allowed. */
  files: z.array(plainText).min(1).optional(),
  /** Names looked up in DNS again and again. */
  dns: z
    .strictObject({
      names: z.array(plainText).min(1),
      type: z.enum(["A", "AAAA", "SRV", "MX", "NS"]).default("A"),
      port: port.optional(),
    })
    .optional(),
  /** Containers found through a Docker socket proxy (read-only); off unless given. */
  docker: z
    .strictObject({
      /** Address of the proxy, e.g. `http://docker-proxy:2375`. */
      host: z.string().regex(/^(http|https|tcp):\/\/\S+$/, "not the URL of a Docker API"),
      port: port.default(80),
    })
    .optional(),
  path: z.string().startsWith("/").default("/metrics"),
  scheme: z.enum(["http", "https"]).default("http"),
  interval: duration.optional(),
  timeout: duration.optional(),
  labels: labels.default({}),
  auth: targetAuth.optional(),
});

const signal = z.enum(["traces", "metrics", "logs"]);

const extraExporter = z.discriminatedUnion("type", [
  z.strictObject({
    /** Another OTLP endpoint, beside the stack's own stores. */
    type: z.literal("otlp"),
    /** `https://host[:port]` for OTLP over HTTP, or `host:port` for gRPC. */
    endpoint: z.union([url, hostPort]),
    protocol: z.enum(["grpc", "http"]).default("http"),
    /** Sends in clear text where true; leave it false beyond loopback. */
    insecure: z.boolean().default(false),
    headers: z.record(z.string(), z.union([z.string(), secretRef])).default({}),
    signals: z.array(signal).min(1).default(["traces", "metrics", "logs"]),
  }),
  z.strictObject({
    /** JSON-lines files, one OTLP message a line, in the collector's data folder. */
    type: z.literal("file"),
    /** File name; `.jsonl` by custom. */
    name: z.string().regex(/^[\w.-]+$/, "not a plain file name"),
    maxMegabytes: z.int().positive().default(100),
    keepFiles: z.int().positive().default(3),
    signals: z.array(signal).min(1).default(["traces", "metrics", "logs"]),
  }),
  z.strictObject({
    /** Prints to the collector's log. */
    type: z.literal("console"),
    verbosity: z.enum(["basic", "normal", "detailed"]).default("normal"),
    signals: z.array(signal).min(1).default(["traces", "metrics", "logs"]),
  }),
]);

const webhook = z.strictObject({
  url: z.union([url, secretRef]),
  sendResolved: z.boolean().default(true),
  bearer: secretRef.optional(),
});
const slack = z.strictObject({
  /** The incoming-webhook URL; it is a password, so a secret. */
  webhookUrl: secretRef,
  channel: z.string().optional(),
  sendResolved: z.boolean().default(true),
});
const pagerduty = z.strictObject({ routingKey: secretRef, severity: z.string().optional() });
const email = z.strictObject({
  to: plainText,
  from: plainText,
  /** `host:port` of the mail server. */
  smarthost: hostPort,
  username: z.string().optional(),
  password: secretRef.optional(),
  requireTls: z.boolean().default(true),
});

const msteams = z.strictObject({
  /** The URL of the workflow that posts to the channel; it is a password, so a secret. */
  webhookUrl: secretRef,
  sendResolved: z.boolean().default(true),
});
const opsgenie = z.strictObject({
  apiKey: secretRef,
  /** Of the API. Default: Opsgenie's own; `https://api.eu.opsgenie.com` for accounts in the EU. */
  apiUrl: url.optional(),
  /** Default: P1 for critical alerts, P3 for others. */
  priority: z.enum(["P1", "P2", "P3", "P4", "P5"]).optional(),
  responders: z
    .array(
      z.strictObject({
        type: z.enum(["team", "user", "escalation", "schedule"]),
        name: plainText,
      }),
    )
    .default([]),
  sendResolved: z.boolean().default(true),
});

const receiver = z.strictObject({
  slack: z.array(slack).default([]),
  pagerduty: z.array(pagerduty).default([]),
  email: z.array(email).default([]),
  webhook: z.array(webhook).default([]),
  /** Microsoft Teams. */
  msteams: z.array(msteams).default([]),
  opsgenie: z.array(opsgenie).default([]),
});

const inhibitRule = z.strictObject({
  /** What must fire, e.g. `severity="critical"`; all must hold. */
  source: z.array(matcher).min(1),
  /** What is then not sent. */
  target: z.array(matcher).min(1),
  /** Labels that must be equal on both; one that is missing on both counts as equal. */
  equal: z.array(plainText).default([]),
});

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "not a time like 09:30");
const timeInterval = z
  .array(
    z.strictObject({
      times: z
        .array(z.strictObject({ from: timeOfDay, to: timeOfDay }))
        .min(1)
        .optional(),
      /** `monday`, `saturday:sunday`. */
      weekdays: z.array(plainText).min(1).optional(),
      /** `1:5`, `-3:-1` for the last three. */
      daysOfMonth: z.array(plainText).min(1).optional(),
      months: z.array(plainText).min(1).optional(),
      years: z.array(plainText).min(1).optional(),
      /** Time zone by its IANA name. */
      location: z.string().default("UTC"),
    }),
  )
  .min(1);

const routeFields = {
  receiver: z.string().optional(),
  groupBy: z.array(plainText).optional(),
  groupWait: duration.optional(),
  groupInterval: duration.optional(),
  repeatInterval: duration.optional(),
};
const intervalFields = {
  muteTimeIntervals: z.array(plainText).optional(),
  activeTimeIntervals: z.array(plainText).optional(),
};

/** One branch of the routing tree. */
export interface RouteInput {
  /** Name of the receiver, one of `alerting.receivers`. */
  receiver?: string;
  /** Matchers, all of which must hold, e.g. `severity="critical"`. */
  matchers?: string[];
  /** Goes on to the next sibling after this one matched. */
  continue?: boolean;
  groupBy?: string[];
  groupWait?: string;
  groupInterval?: string;
  repeatInterval?: string;
  /** Nothing is sent during these of `alerting.timeIntervals`. */
  muteTimeIntervals?: string[];
  /** Something is sent only during these. */
  activeTimeIntervals?: string[];
  routes?: RouteInput[];
}
const route: z.ZodType<RouteInput, RouteInput> = z.strictObject({
  ...routeFields,
  ...intervalFields,
  matchers: z.array(matcher).optional(),
  continue: z.boolean().optional(),
  get routes() {
    return z.array(route).optional();
  },
});

/** A regular expression (RE2) that the whole text must match, as in Prometheus' matchers. */
const pattern = plainText.refine((source) => typeof labelRegexp(source) !== "string", {
  error: "not a regular expression in RE2's syntax",
});
const textRule = {
  /** Whether it must be there. */
  required: z.boolean().default(false),
  /** The only values it may have. */
  values: z.array(z.string()).min(1).optional(),
  /** What its value must match. */
  matches: pattern.optional(),
};
const durationRange = z.strictObject({ min: duration.optional(), max: duration.optional() }).prefault({});

/** What `obs validate-rules` holds the project's rules to, beyond what holds for everybody's. */
const ruleChecks = z.strictObject({
  /** Values of the label `severity` that mean something to whoever routes alerts. */
  severities: z.array(plainText).min(1).default(commonSeverities),
  /** Labels that rules set themselves, by name. */
  labels: z
    .record(
      plainText,
      z.strictObject({ ...textRule, of: z.enum(["alerts", "records", "all"]).default("alerts") }),
    )
    .default({}),
  /** Annotations of alerts, by name. */
  annotations: z.record(plainText, z.strictObject(textRule)).default({}),
  /** What the names of alerts and of records must match. */
  names: z.strictObject({ alerts: pattern.optional(), records: pattern.optional() }).prefault({}),
  /** What must not stand in names and values of labels and annotations. */
  reject: z
    .array(
      z.strictObject({
        matches: pattern,
        in: z.array(z.enum(["label names", "label values", "annotation names", "annotation values"])).min(1),
        /** Said with the finding. */
        why: plainText.optional(),
      }),
    )
    .default([]),
  /** How long alerts wait, at least and at most; with `min`, each must have a `for`. */
  for: durationRange,
  /** The same for `keep_firing_for`. */
  keepFiringFor: durationRange,
  /** Labels that the result of a record must keep, or must have dropped. */
  aggregations: z
    .array(
      z.strictObject({
        /** Which records, by their name. */
        records: pattern.default(".+"),
        keep: z.array(plainText).default([]),
        drop: z.array(plainText).default([]),
      }),
    )
    .default([]),
  /** Labels that every selector of a metric must have a matcher for. */
  selectors: z
    .array(
      z.strictObject({
        /** Which metrics, by their name. */
        metrics: pattern.default(".+"),
        labels: z.array(plainText).min(1),
        /** Only in arguments of these functions, such as `absent|absent_over_time`. */
        within: pattern.optional(),
      }),
    )
    .default([]),
  /** The longest range and offset of a query. */
  maxRange: duration.optional(),
});

/** A built Grafana dashboard: what `DashboardBuilder.build()` of @grafana/grafana-foundation-sdk returns. */
const dashboard = z
  .custom<object>((value) => typeof value === "object" && value !== null, { error: "not a built dashboard" })
  .pipe(
    z.looseObject({
      // Grafana's own rule; the generated file is named after it, too.
      uid: z.string().regex(/^[\w-]{1,40}$/, "use letters, digits, _ and - (at most 40)"),
      title: plainText,
    }),
  );

/** Raw upstream configuration merged over what obs renders: objects merge key by key, lists and scalars replace, null removes. */
const override = z.record(z.string(), z.unknown()).optional();

const portShape = Object.fromEntries(portNames.map((name) => [name, port.optional()])) as Record<
  PortName,
  z.ZodOptional<typeof port>
>;

/** The shape of the definition. Every key but `name` has a default: `defineStack({ name: "shop" })` is complete. */
export const stackSchema = z.strictObject({
  /** Names the Compose project, its network and volumes: lower-case letters, digits, dashes. */
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,39}$/,
      "use lower-case letters, digits and dashes, starting with a letter (at most 40)",
    ),
  /** Where this stack stands; the `deployment.environment.name` of data that doesn't say itself. */
  environment: z
    .string()
    .regex(/^[\w.-]{1,60}$/, "use letters, digits, dots, dashes")
    .default("development"),
  /** Address on which applications send OTLP. Anything but loopback needs `otlp.token` and `otlp.tls`. All other ports stay on loopback. */
  bind: z.union([z.ipv4(), z.ipv6()]).default("127.0.0.1"),
  /** Protection of the OTLP ports. */
  otlp: z
    .strictObject({
      /** Senders must present it as `Authorization: Bearer ...`. */
      token: secretRef.optional(),
      /** PEM files, relative to the project folder. */
      tls: z.strictObject({ certificate: plainText, key: plainText }).optional(),
    })
    .prefault({}),
  /** Numbers of ports that differ from the usual ones. */
  ports: z.strictObject(portShape).prefault({}),
  images: z
    .strictObject({
      /** A mirror to pull every image from, e.g. `registry.internal:5000`. */
      registry: z
        .string()
        .regex(/^[\w.-]+(:\d+)?(\/[\w.-]+)*$/, "not a registry like host:port/path")
        .optional(),
    })
    .prefault({}),
  collector: z
    .strictObject({
      receivers: z
        .strictObject({ jaeger: z.boolean().default(true), zipkin: z.boolean().default(true) })
        .prefault({}),
      /** Memory at which the collector starts to refuse data (senders retry), in MiB. */
      memoryLimitMiB: z.int().min(128).default(512),
      /** Prompts, completions and tool arguments: dropped unless `keep`; then every match of a pattern is masked. */
      content: z
        .strictObject({
          keep: z.boolean().default(false),
          /** RE2 patterns whose matches are masked in what is kept. */
          redact: z
            .array(plainText)
            .default([
              "[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\\.[a-zA-Z]{2,}",
              "\\b(?:\\d[ -]?){13,16}\\b",
              "\\b(?:sk|pk|rk)-[a-zA-Z0-9_-]{16,}\\b",
            ]),
        })
        .prefault({}),
      /** Disk queue in front of every store, per store. */
      queue: z
        .strictObject({
          /** Spans, log records or data points waiting at most; beyond it senders are refused and retry. About 0.5 KB each. */
          size: z.int().positive().default(1_000_000),
          /** How long a store may be away before its data is given up. */
          retryFor: duration.default("24h"),
        })
        .prefault({}),
      /** Destinations beside the stack's own stores, by name. */
      exporters: z
        .record(
          z.string().regex(/^[a-z][a-z0-9_-]*$/, "use lower-case letters, digits, _ and -"),
          extraExporter,
        )
        .default({}),
    })
    .prefault({}),
  traces: z
    .strictObject({
      /** `auto`: Tempo under Compose or where a `tempo` of the pinned version is on PATH, else Jaeger. */
      backend: z.enum(["auto", "tempo", "jaeger"]).default("auto"),
      retention: duration.default("7d"),
      sampling: z
        .strictObject({
          /** Per cent of the traces kept that are neither failed nor slow. */
          keepPercent: z.number().min(0).max(100).default(10),
          /** A trace that took at least this long is always kept. */
          slow: duration.default("5s"),
          /** How long to wait for a trace's root span: agents run for minutes. */
          decisionWait: duration.default("5m"),
          /** How long to wait for stragglers once the root has come. */
          afterRoot: duration.default("2s"),
          /** Traces held while undecided; bounds memory. */
          maxTraces: z.int().positive().default(50_000),
        })
        .prefault({}),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      retention: duration.default("15d"),
      /** Bound on disk, whichever comes first. */
      retentionSize: byteSize.default("10GB"),
      scrapeInterval: duration.default("10s"),
      /** How late a sample may come (a replayed queue) and still be stored. */
      outOfOrder: duration.default("30m"),
    })
    .prefault({}),
  logs: z
    .strictObject({
      retention: duration.default("7d"),
      /** Most that may be ingested per second, in MB. */
      ingestionRateMB: z.number().positive().default(16),
    })
    .prefault({}),
  /** What Prometheus scrapes beside the stack itself. */
  scrapeJobs: z.array(scrapeJob).default([]),
  alerting: z
    .strictObject({
      /** Rule files of Prometheus, relative to the project folder; globs allowed. */
      rules: z.array(plainText).default(["alerts/**/*.{yml,yaml}"]),
      /** Typed rules, with their cases: what `defineRules` returns. */
      packs: z
        .array(rulePack)
        .superRefine((packs, context) => {
          for (const [at, { name }] of packs.entries()) {
            if (packs.findIndex((other) => other.name === name) === at) continue;
            context.addIssue({ code: "custom", message: "use each pack once", path: [at, "name"] });
          }
        })
        .default([]),
      /** Where people read runbooks: `<runbookUrl>/<Alert>.html`. Default: Prometheus' own `/user`. */
      runbookUrl: url.optional(),
      receivers: z.record(z.string().regex(/^[\w-]+$/, "use letters, digits, _ and -"), receiver).default({}),
      checks: ruleChecks.prefault({}),
      route: z.strictObject({ ...routeFields, routes: z.array(route).optional() }).prefault({}),
      /** Who must be told of what: `obs validate` and `obs route test` hold the routes to it. */
      routeCases: z
        .array(
          z.strictObject({
            /** What an alert carries, `alertname` and `severity` for example. */
            labels,
            /** Everybody who is told, and nobody else; an empty list: nobody. */
            receivers: z.array(plainText),
          }),
        )
        .default([]),
      /**
       * Who hears, every minute, that alerting works: a heartbeat service outside of this machine, one of `receivers`. It gets
       * the alerts of severity `none` (`StackWatchdog`) and nothing else. Default: nobody does.
       */
      heartbeat: z.strictObject({ receiver: plainText }).optional(),
      /** Alerts that keep others from being sent, beside the rules that come with the stack. */
      inhibitRules: z.array(inhibitRule).default([]),
      /** Whether the stack's own inhibitions apply: critical silences warning of the same cause, a down target its symptoms. */
      standardInhibitions: z.boolean().default(true),
      /** Times of the week or year by name, for routes: working hours, a maintenance window. */
      timeIntervals: z
        .record(z.string().regex(/^[\w-]+$/, "use letters, digits, _ and -"), timeInterval)
        .default({}),
      /** Files of message templates, relative to the project folder; globs allowed. They may define those of obs anew. */
      templates: z.array(plainText).default(["alerts/**/*.tmpl"]),
    })
    .prefault({}),
  grafana: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Folder of an unpacked Grafana, for use without Docker; otherwise looked for in the usual places. */
      home: plainText.optional(),
      adminPassword: secretRef.default({ secret: "GRAFANA_ADMIN_PASSWORD" }),
      /** Whether dashboards may be saved over in Grafana's pages (lost at the next `up`). */
      allowEdits: z.boolean().default(false),
    })
    .prefault({}),
  /** Dashboards built with @grafana/grafana-foundation-sdk. */
  dashboards: z.array(dashboard).default([]),
  /** Calls of models: what they cost, and may cost. */
  llm: z
    .strictObject({
      ...moneyShape,
      /**
       * Services (`service.name`) that count their own calls of models and agents, and send no spans of them: their `llm_*`
       * and `agent_*` metrics arrive under the names of the metric contract. Those of all others are kept under `app_`
       * beside the ledger.
       */
      metricsOnlyServices: z.array(plainText).default([]),
      /** The service that turns spans of model calls into rows of money, and into the `llm_*` metrics. */
      ledger: z
        .strictObject({
          enabled: z.boolean().default(true),
          /** URL of a PostgreSQL (14 or newer) to use instead of the stack's own. It holds a password, so it is a secret. */
          databaseUrl: secretRef.optional(),
        })
        .prefault({}),
    })
    .prefault({}),
  /** Host metrics: CPU, memory, disk. */
  host: z.strictObject({ enabled: z.boolean().default(true) }).prefault({}),
  /** The escape hatch: raw configuration per service, for what the types don't cover. */
  overrides: z
    .strictObject({
      "otel-collector": override,
      prometheus: override,
      alertmanager: override,
      loki: override,
      tempo: override,
      grafana: override,
      /** Merged over the rendered docker-compose.yml. */
      compose: override,
    })
    .prefault({}),
});

/** What a user writes. */
export type StackInput = z.input<typeof stackSchema>;
/** What everything else reads: complete, with defaults, checked. */
export type Stack = z.output<typeof stackSchema>;
export type ScrapeJob = Stack["scrapeJobs"][number];
export type Receiver = Stack["alerting"]["receivers"][string];

const brand = Symbol.for("obs-stack.definition");

/** A definition as exported by `obs.config.ts`; unchecked until it is loaded. */
export interface Definition {
  readonly input: StackInput;
}

/**
 * Declares the stack. Export its result as the default of `obs.config.ts`.
 * It checks nothing by itself: `obs validate` (and everything that loads the file) reports all findings at once.
 */
export function defineStack(input: StackInput): Definition {
  return { input, [brand]: true } as Definition;
}

/** Whether a value came from {@link defineStack}, of whichever copy of this package. */
export function isDefinition(value: unknown): value is Definition {
  return typeof value === "object" && value !== null && brand in value;
}
