import { useEffect } from "react";

/** Milliseconds within which the second key of a pair must follow. */
const patience = 1500;

/** Keys as Grafana has them: `d r` asks again, Escape leaves a panel that fills the page. */
export function useKeys({ refresh, leave }: { refresh(): void; leave?: () => void }): void {
  useEffect(() => {
    let firstAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target?.closest("input, textarea, select, [contenteditable], [role=dialog]")) return;
      if (event.key === "Escape") leave?.();
      else if (event.key === "d") firstAt = event.timeStamp;
      else if (event.key === "r" && event.timeStamp - firstAt < patience) refresh();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [refresh, leave]);
}
