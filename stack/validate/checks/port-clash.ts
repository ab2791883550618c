import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";

/** Two programs can't listen on one port of this machine. */
export const portClash: Check = {
  id: "port-clash",
  run(context) {
    const { stack } = context.input;
    const users = new Map<string, string[]>();
    for (const { name, address, protocol } of context.rendered.plans.flatMap((plan) => plan.ports)) {
      const key = `${protocol.toUpperCase()} port ${address.slice(address.lastIndexOf(":") + 1)}`;
      users.set(key, [...(users.get(key) ?? []), name]);
    }
    return [...users]
      .filter(([, names]) => names.length > 1)
      .map(([port, names]): Problem => {
        // The one that the user moved is the one to mend; the others stand where they always do.
        const moved = names.find((name) => name in stack.ports) ?? names[0]!;
        const keys = names.map((name) => `ports.${name}`);
        return {
          id: "port-clash",
          severity: "error",
          what: `${keys.slice(0, -1).join(", ")} and ${keys.at(-1)} are all ${port}.`.replace(
            names.length === 2 ? "all " : "",
            names.length === 2 ? "both " : "",
          ),
          next: "Give each a number of its own.",
          place: atKey(context, `ports.${moved}`),
        };
      });
  },
};
