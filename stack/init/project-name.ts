import { basename } from "node:path";

/** A valid name of a stack from the name of its folder: `My Shop (2)` becomes `my-shop-2`; `obs` where nothing is left. */
export function stackNameFor(folder: string): string {
  const name = basename(folder)
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  return name || "obs";
}
