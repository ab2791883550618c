import type { Problem } from "../../../stack/validate/problem.js";
import { withoutSaid } from "../../../stack/validate/said.js";

const amtool = (line: string): Problem => ({
  id: "amtool-check-config",
  severity: "error",
  what: "Alertmanager does not accept its configuration.",
  output: [line],
});
const own = (id: string, what: string): Problem => ({ id, severity: "error", what });

test.each([
  ['undefined receiver "x" used in route', own("unknown-receiver", 'There is no receiver "x".')],
  [
    'undefined time interval "night" used in route',
    own("time-interval", 'There is no time interval "night".'),
  ],
  [
    'matcher value contains unescaped double quote: ="critical"',
    own("route-matcher", 'severity=="critical" compares with "==".'),
  ],
  [
    "error parsing regexp: missing closing ): `^(?:(warning)$`",
    own("route-matcher", 'The regular expression "(warning" does not compile: missing closing ).'),
  ],
])("%s isn't said once more", (line, problem) => {
  expect(withoutSaid([amtool(line)], [problem])).toEqual([]);
});

test("what amtool alone finds is kept, beside other findings, too", () => {
  const found = [amtool('undefined receiver "y" used in route')];
  expect(withoutSaid(found, [own("unknown-receiver", 'There is no receiver "x".')])).toEqual(found);
  expect(withoutSaid(found, [own("port-clash", '"y"')])).toEqual(found);
});
