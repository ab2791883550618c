/** The collector's own metrics at one moment: sums over all series of a name. */
export interface CollectorMetrics {
  sum(name: string): number;
  /** Names with their sums, where they match and the sum isn't zero. */
  nonZero(name: RegExp): string[];
}

/** Reads them from the collector itself, without the detour over Prometheus. */
export async function collectorMetrics(url: string): Promise<CollectorMetrics> {
  const text = await (await fetch(url)).text();
  const sums = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, name, value] = /^([a-z]\w*?)(?:_total)?(?:\{.*\})? (\S+)$/.exec(line) ?? [];
    if (name && value) sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return {
    sum: (name) => sums.get(name) ?? 0,
    nonZero: (wanted) =>
      [...sums]
        .filter(([name, sum]) => wanted.test(name) && sum !== 0)
        .map(([name, sum]) => `${name} ${sum}`),
  };
}
