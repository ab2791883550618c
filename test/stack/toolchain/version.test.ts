import { parseModuleVersion, parseVersion } from "../../../stack/toolchain/version.js";

test.each([
  ["prometheus, version 3.15.0 (branch: , revision: unknown)\n  go version:       go1.26.8", "3.15.0"],
  ["prometheus, version 2.42.0+ds (branch: debian/sid)\n  go version:       go1.19.8", "2.42.0"],
  ["otelcol version 0.155.0", "0.155.0"],
  ["otelcol-contrib version 0.155.0-rc.1", "0.155.0-rc.1"],
  ['maxprocs: Leaving GOMAXPROCS=4\n{"gitCommit":"","gitVersion":"v1.62.0","buildDate":""}', "1.62.0"],
  ["Docker Compose version v2.40.3", "2.40.3"],
  ["tempo, version 3.0.3 (branch: HEAD, revision: abc)", "3.0.3"],
  ["grafana version 13.2.0", "13.2.0"],
])("reads the version out of %j", (output, version) => {
  expect(parseVersion(output)).toBe(version);
});

test.each([
  ["prometheus, version  (branch: , revision: unknown)\n  build user:\n  go version:       go1.26.8"],
  ['{"gitCommit":"","gitVersion":"","buildDate":""}'],
  ["Error: unknown flag: --version"],
  ["level=info listening on 127.0.0.1:9090"],
  [""],
])("reads no version out of %j", (output) => {
  expect(parseVersion(output)).toBeUndefined();
});

test("reads a module's version out of what Go wrote into a binary, as main module or as dependency", () => {
  const output = [
    "/bin/amtool: go1.26.8",
    "\tpath\tgithub.com/prometheus/alertmanager/cmd/amtool",
    "\tmod\tgithub.com/prometheus/alertmanager\tv0.28.1\th1:abc=",
    "\tdep\tgithub.com/prometheus/common\tv0.61.0\th1:def=",
  ].join("\n");
  expect(parseModuleVersion(output, "github.com/prometheus/alertmanager")).toBe("v0.28.1");
  expect(parseModuleVersion(output, "github.com/prometheus/common")).toBe("v0.61.0");
  expect(parseModuleVersion(output, "github.com/prometheus")).toBeUndefined();
});
