/** START HERE: dashboards of code beside those that a Grafana holds. Pure; `obs dashboards diff` asks and writes. */
export { type Change, changesBetween } from "./changes.js";
export { type EditsFile, editsBetween, editsFile } from "./edits.js";
