import type { Field, FieldType } from "@grafana/data";

/** Whether a field holds values of a type, without Grafana's packages: what uses it can run, and be tested, anywhere. */
export const isOfType = ({ type }: Field, wanted: `${FieldType}`): boolean => (type as string) === wanted;
