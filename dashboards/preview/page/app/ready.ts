/** What a panel is at. `waiting`: not yet known whether it is in sight; `idle`: out of sight, and asks when it comes in. */
export type PanelState = "waiting" | "idle" | "loading" | "done" | "empty" | "error" | "unsupported";

const panels = new Map<string, PanelState>();
let pageIsReady = false;
let scheduled = 0;

/** Tells what a panel is at; undefined when it is gone. */
export function tellPanel(key: string, state: PanelState | undefined): void {
  if (state === undefined) panels.delete(key);
  else panels.set(key, state);
  schedule();
}

/** Tells whether the dashboard itself is there, with its choices. */
export function tellPage(ready: boolean): void {
  pageIsReady = ready;
  schedule();
}

/**
 * Keeps `data-ready` of the document: "true" when everything in sight shows what it has to show. Programs that take
 * pictures, and tests, wait for it. It waits for two frames, so that what was drawn is on the screen.
 */
function schedule(): void {
  const busy =
    !pageIsReady || [...panels.values()].some((state) => state === "waiting" || state === "loading");
  cancelAnimationFrame(scheduled);
  if (busy) {
    document.documentElement.dataset.ready = "false";
    return;
  }
  scheduled = requestAnimationFrame(() => {
    scheduled = requestAnimationFrame(() => {
      document.documentElement.dataset.ready = "true";
    });
  });
}
