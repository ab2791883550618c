import { readerRole } from "../../../llm/ledger/config.js";
import { dataSourceUids } from "../../services/names.js";
import { hasOwnLedgerDatabase } from "../../services/postgres.js";
import { atKey, type Check } from "../check.js";
import { isJson, mappings, panelsOf, textAt } from "../dashboards/dashboard.js";
import { firstFew } from "../first-few.js";

/** Panels that ask the ledger's database where Grafana isn't told of one: one notice for all dashboards. */
export const ledgerDataSource: Check = {
  id: "ledger-data-source",
  run(context) {
    const { stack } = context.input;
    if (hasOwnLedgerDatabase(stack)) return [];
    const asking = stack.dashboards
      .flatMap(panelsOf)
      .filter(({ panel }) =>
        [panel.datasource, ...mappings(panel.targets).map(({ datasource }) => datasource)].some(
          (source) => isJson(source) && textAt(source, "uid") === dataSourceUids.ledger,
        ),
      );
    const [first] = asking;
    if (!first) return [];
    const titles = firstFew([...new Set(asking.map(({ title }) => `"${title}"`))]);
    return [
      {
        id: "ledger-data-source",
        severity: "notice",
        what: `The ledger's database is not among Grafana's data sources: ${titles} will show nothing.`,
        ...(stack.llm.ledger.enabled
          ? {
              why: "It is a database of your own, whose address obs knows only as a secret.",
              next: `Give Grafana a PostgreSQL data source with the uid "${dataSourceUids.ledger}", as the role \`${readerRole}\`.`,
            }
          : {
              why: "There is no ledger.",
              next: "Set `llm.ledger.enabled`, or leave these panels out.",
            }),
        place: atKey(context, first.keyPath),
      },
    ];
  },
};
