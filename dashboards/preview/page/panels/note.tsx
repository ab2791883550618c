import { useTheme2 } from "@grafana/ui";
import type { ReactNode } from "react";

const oneLine = { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" };

/** A quiet sentence in the place of, or below, what a panel draws. */
export function Note({ children, height }: { children: ReactNode; height?: number }) {
  const theme = useTheme2();
  return (
    <div
      style={{
        height: height ?? "100%",
        display: "flex",
        alignItems: "center",
        justifyContent: "center",
        textAlign: "center",
        padding: theme.spacing(0, 1),
        color: theme.colors.text.secondary,
        fontSize: theme.typography.bodySmall.fontSize,
      }}
    >
      <div style={height === undefined ? undefined : oneLine}>{children}</div>
    </div>
  );
}
