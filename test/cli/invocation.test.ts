import { invocation } from "../../cli/invocation.js";

test.each([
  ["on PATH, or of unknown origin, it is obs", {}, "obs"],
  ["npx is named where it was used", { npm_command: "exec" }, "npx obs"],
  ["a clone's wrapper is named by its path", { OBS_INVOKED_AS: "./obs", PATH: "/bin" }, "/srv/obs"],
  [
    "so it is when called from elsewhere",
    { OBS_INVOKED_AS: "/srv/clone/obs", PATH: "/bin" },
    "/srv/clone/obs",
  ],
  [
    "a link to it in a folder of PATH is obs",
    { OBS_INVOKED_AS: "/usr/bin/obs", PATH: "/bin:/usr/bin" },
    "obs",
  ],
])("%s", (_what, env, expected) => {
  expect(invocation("/srv", env)).toBe(expected);
});
