import type { ClientBase } from "pg";

/** What reports ask: a connection, or a pool of them. */
export type Queryable = Pick<ClientBase, "query">;
