import { alert, defineRules } from "obs-stack";

/** A function is asked for its defaults. */
export const minePack = ({ threshold = 0 }: { threshold?: number } = {}) =>
  defineRules({
    name: "mine",
    owner: "shop",
    groups: [
      {
        name: "mine",
        rules: [
          alert("ShopDown", {
            expr: `up{job="shop"} == ${threshold}
              and rate(x[5m]`,
            for: "5m",
            severity: "critical",
            summary: "{{ $labels.nope }",
            description: "Nothing answers.",
            cases: [],
          }),
        ],
      },
    ],
  });
