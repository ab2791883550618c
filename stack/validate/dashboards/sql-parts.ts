import { isJson, type Json, mappings, textAt } from "./dashboard.js";

/** A name in a statement; `byte` is PostgreSQL's count of where it stands. */
export interface SqlName {
  name: string;
  byte: number;
}

/** What checks look at in a statement that selects. */
export interface SqlParts {
  /** Tables that are read, wherever in it. */
  tables: SqlName[];
  /** Columns that the result has a row for each value of; none where only so many rows are given. */
  groupedBy: SqlName[];
}

/** Takes statements apart, as PostgreSQL's parser gives them. */
export function sqlParts(statements: readonly unknown[]): SqlParts {
  return {
    tables: statements.flatMap((statement) => tablesIn(statement)),
    groupedBy: statements.flatMap((statement) =>
      isJson(statement) && isJson(statement.stmt) && isJson(statement.stmt.SelectStmt)
        ? groupings(statement.stmt.SelectStmt)
        : [],
    ),
  };
}

function tablesIn(value: unknown): SqlName[] {
  if (Array.isArray(value)) return value.flatMap(tablesIn);
  if (!isJson(value)) return [];
  const { relname, location } = value;
  const own = typeof relname === "string" ? [{ name: relname, byte: Number(location ?? 0) }] : [];
  return [...own, ...Object.values(value).flatMap(tablesIn)];
}

function groupings(select: Json): SqlName[] {
  if (select.limitCount !== undefined) return [];
  const targets = mappings(select.targetList);
  return mappings(select.groupClause).flatMap((group): SqlName[] => {
    // GROUP BY 1: the first column of the result.
    const constant =
      isJson(group.A_Const) && isJson(group.A_Const.ival) ? Number(group.A_Const.ival.ival) : 0;
    const target = targets[constant - 1]?.ResTarget;
    const column = isJson(target) && isJson(target.val) ? target.val.ColumnRef : group.ColumnRef;
    if (!isJson(column)) return [];
    const last = mappings(column.fields).at(-1)?.String;
    return isJson(last) ? [{ name: textAt(last, "sval"), byte: Number(column.location ?? 0) }] : [];
  });
}
