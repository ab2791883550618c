/** A value of a label, and how much of its metric's count has it; `errors`: those calls that fail, and no others. */
export interface LabelValue {
  value: string;
  share: number;
  of?: "errors" | "successes";
}

const shares = (values: Record<string, number>): LabelValue[] =>
  Object.entries(values).map(([value, share]) => ({ value, share }));

const outcome = (failed: string, good: string): LabelValue[] => [
  { value: good, share: 1, of: "successes" },
  { value: failed, share: 1, of: "errors" },
];

/** Values of labels that don't say whose the series is. */
const known: Readonly<Record<string, LabelValue[]>> = {
  status: outcome("error", "ok"),
  status_code: outcome("STATUS_CODE_ERROR", "STATUS_CODE_UNSET"),
  http_response_status_code: outcome("503", "200"),
  error_type: [
    { value: "", share: 1, of: "successes" },
    { value: "timeout", share: 0.6, of: "errors" },
    { value: "rate_limit", share: 0.4, of: "errors" },
  ],
  operation: shares({ chat: 1 }),
  type: shares({ input: 0.7, output: 0.3 }),
  result: shares({ hit: 0.4, miss: 0.6 }),
  rating: shares({ up: 0.95, down: 0.05 }),
  evaluation: shares({ relevance: 0.5, hallucination: 0.5 }),
  variant: shares({ control: 1 }),
  tool: shares({ search: 0.7, calculator: 0.3 }),
  kind: shares({ requests: 0.5, tokens: 0.5 }),
  budget: shares({ month: 1 }),
  scope: shares({ all: 1 }),
  reason: shares({ error: 1 }),
  policy: shares({ pii: 1 }),
  fallback_model: shares({ small: 1 }),
  fallback_provider: shares({ two: 1 }),
  mode: shares({ idle: 0.8, user: 0.15, system: 0.05 }),
  cpu: shares({ 0: 0.5, 1: 0.5 }),
  fstype: shares({ ext4: 1 }),
  mountpoint: shares({ "/": 1 }),
  device: shares({ "/dev/sda1": 1 }),
  span_kind: shares({ SPAN_KIND_SERVER: 1 }),
  http_request_method: shares({ GET: 1 }),
  http_route: shares({ "/": 1 }),
  data_type: shares({ traces: 0.4, logs: 0.3, metrics: 0.3 }),
  integration: shares({ slack: 1 }),
  receiver: shares({ otlp: 1 }),
  transport: shares({ grpc: 1 }),
  rule_group: shares({ "rules.yml;all": 1 }),
};

/** How much has a value that only a rule knows. */
const rare = 0.02;

/** Values of a label: usual ones, and others that rules ask for, which are rare; none where neither is known. */
export function valuesOf(label: string, asked: readonly string[]): LabelValue[] {
  const usual = known[label];
  if (!usual) return asked.map((value) => ({ value, share: 1 / asked.length }));
  if (usual.some(({ of }) => of !== undefined)) return usual;
  const others = asked.filter((value) => usual.every((each) => each.value !== value));
  return [...usual, ...others.map((value) => ({ value, share: rare }))];
}
