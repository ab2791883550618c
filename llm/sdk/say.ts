const said = new Set<string>();

/**
 * Tells the application's operator something, once: nobody else is there to report it. On stderr, as a process without
 * telemetry has nowhere else to put it; never throws.
 */
export function say(line: string): void {
  if (said.has(line)) return;
  if (said.size < 100) said.add(line);
  try {
    process.stderr.write(`obs-stack/sdk: ${line}\n`);
  } catch {
    // Whoever closed stderr doesn't want to know.
  }
}
