import { useMemo, useSyncExternalStore } from "react";
import { type Address, readAddress, writeAddress } from "./address.js";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

/** What the address says now; changes when it changes, also by the browser's own buttons. */
export function useAddress(): Address {
  const text = useSyncExternalStore(subscribe, () => window.location.pathname + window.location.search);
  return useMemo(() => readAddress(new URL(text, window.location.origin)), [text]);
}

/** Shows something else. `replace`: the back button does not lead here. */
export function go(change: Partial<Address>, { replace = false } = {}): void {
  open(writeAddress({ ...readAddress(window.location), ...change }), replace);
}

/** Shows a trace over the page. */
export function openTrace(trace: string): void {
  go({ trace });
}

/** Looks at another range: milliseconds since 1970. */
export function zoomTo({ from, to }: { from: number; to: number }): void {
  go({ from: String(Math.round(from)), to: String(Math.round(to)) });
}

function open(path: string, replace: boolean): void {
  if (path === window.location.pathname + window.location.search) return;
  window.history[replace ? "replaceState" : "pushState"]({}, "", path);
  for (const listener of listeners) listener();
}

/**
 * Links to dashboards open in the page that is there. What is chosen of looks (theme, kiosk) and of time stays, where the
 * link doesn't say otherwise.
 */
export function followLinks(): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
      return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.origin !== window.location.origin || link.hasAttribute("download")) return;
    if ((link.target && link.target !== "_self") || !/^\/(d\/|$)/.test(link.pathname)) return;
    event.preventDefault();
    const { theme, kiosk, all } = readAddress(window.location);
    open(writeAddress({ theme, kiosk, all, ...readAddress(link) }), false);
    window.scrollTo(0, 0);
  });
}
