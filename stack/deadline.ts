/**
 * Does work that has to be done within a time (ms): its signal is aborted with a TimeoutError then, or with the reason of
 * `signal` as soon as that is aborted. What would be shorter, AbortSignal.any of a timeout, is collected as garbage in Node
 * 20 before it fires, and whoever waits then waits for ever.
 */
export async function withDeadline<T>(
  ms: number,
  signal: AbortSignal | undefined,
  work: (within: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException(`not done within ${ms} ms`, "TimeoutError")),
    ms,
  );
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
