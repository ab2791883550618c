/** A duration in milliseconds as people read it: `350 µs`, `12.3 ms`, `4.56 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return "–";
  if (short(milliseconds * 1000) < 1000) return `${short(milliseconds * 1000)} µs`;
  if (short(milliseconds) < 1000) return `${short(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (short(seconds) < 60) return `${short(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** With three digits. */
const short = (value: number) => Number(value.toPrecision(3));
