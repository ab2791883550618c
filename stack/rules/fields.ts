import type { PartRole, RuleFile, RuleFileKind } from "./model.js";

/** Keys that a mapping may have, by its role: https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ */
const prometheus = {
  file: ["groups"],
  group: ["name", "interval", "query_offset", "limit", "labels", "rules"],
  rule: ["record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations"],
} as const satisfies Partial<Record<PartRole, readonly string[]>>;

export type MappingRole = keyof typeof prometheus;

/** What others add. Loki: lokitool's `namespace`, remote write by group. Kubernetes: the operator's CRD. */
const added: Record<RuleFileKind, Partial<Record<MappingRole, readonly string[]>>> = {
  prometheus: {},
  typed: {},
  loki: { file: ["namespace"], group: ["remote_write"] },
  kubernetes: { group: ["partial_response_strategy"] },
};

/** Keys that a mapping of a file may have. */
export function fieldsOf({ kind }: RuleFile, role: MappingRole): readonly string[] {
  return fields[kind][role];
}

const fields: Readonly<Record<RuleFileKind, Record<MappingRole, readonly string[]>>> = {
  prometheus: withMore(added.prometheus),
  typed: withMore(added.typed),
  loki: withMore(added.loki),
  kubernetes: withMore(added.kubernetes),
};

function withMore({ file = [], group = [], rule = [] }: Partial<Record<MappingRole, readonly string[]>>) {
  return {
    file: [...prometheus.file, ...file],
    group: [...prometheus.group, ...group],
    rule: [...prometheus.rule, ...rule],
  };
}

/** Whether a part's role is that of a mapping with a fixed set of keys. */
export function isMappingRole(role: PartRole): role is MappingRole {
  return role in prometheus;
}

/** How such a mapping is called in a message. */
export const titles: Record<MappingRole, string> = { file: "rule file", group: "group", rule: "rule" };
