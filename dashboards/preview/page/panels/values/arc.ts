/** A point on a circle around the origin; `turn` counts from the top, clockwise, in whole turns. */
export function onCircle(radius: number, turn: number): { x: number; y: number } {
  const angle = (turn - 0.25) * 2 * Math.PI;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}

/**
 * Path of a piece of a ring around the origin, or of a disc where `inner` is 0, from one turn to another. A whole turn is
 * drawn as two halves, since an arc that ends where it starts is none.
 */
export function ringPath(inner: number, outer: number, from: number, to: number): string {
  if (to - from >= 1) {
    const middle = from + 0.5;
    return `${ringPath(inner, outer, from, middle)} ${ringPath(inner, outer, middle, from + 0.999999)}`;
  }
  const long = to - from > 0.5 ? 1 : 0;
  const at = (radius: number, turn: number) => {
    const { x, y } = onCircle(radius, turn);
    return `${round(x)} ${round(y)}`;
  };
  const out = `M ${at(outer, from)} A ${outer} ${outer} 0 ${long} 1 ${at(outer, to)}`;
  if (inner <= 0) return `${out} L 0 0 Z`;
  return `${out} L ${at(inner, to)} A ${inner} ${inner} 0 ${long} 0 ${at(inner, from)} Z`;
}

const round = (value: number) => Math.round(value * 1000) / 1000;
