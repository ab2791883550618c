import type { FieldDisplay } from "@grafana/data";
import { DataLinksContextMenu, type DataLinksContextMenuApi } from "@grafana/ui";
import type { ReactElement } from "react";

/** A value that is itself the link of its data, or opens a menu where there are several. */
export function Linked({
  value,
  children,
}: {
  value: FieldDisplay;
  children: (api: DataLinksContextMenuApi) => ReactElement;
}) {
  if (!value.hasLinks || value.getLinks === undefined) return children({});
  return (
    <DataLinksContextMenu links={value.getLinks} style={{ height: "100%" }}>
      {children}
    </DataLinksContextMenu>
  );
}
