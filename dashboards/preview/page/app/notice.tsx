import { Icon, type IconName } from "@grafana/ui";
import type { ReactNode } from "react";

const icons: Record<string, IconName> = {
  error: "exclamation-circle",
  warning: "exclamation-triangle",
  info: "info-circle",
};

/** A word to the reader, across the page. */
export function Notice({
  severity,
  title,
  children,
}: {
  severity: "error" | "warning" | "info";
  title: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className={`notice notice-${severity}`} role={severity === "error" ? "alert" : "status"}>
      <Icon name={icons[severity]!} size="lg" />
      <div className="notice-text">
        <strong>{title}</strong>
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}
