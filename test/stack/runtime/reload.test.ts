import { judgeReload, parseReloadState } from "../../../stack/runtime/reload.js";

const metrics = {
  url: "http://127.0.0.1:9090/metrics",
  successful: "prometheus_config_last_reload_successful",
  timestamp: "prometheus_config_last_reload_success_timestamp_seconds",
};

test("both gauges are read from a metrics page", () => {
  const page = [
    "# HELP prometheus_config_last_reload_success_timestamp_seconds Timestamp of the last successful reload.",
    "# TYPE prometheus_config_last_reload_success_timestamp_seconds gauge",
    "prometheus_config_last_reload_success_timestamp_seconds 1.7637193934485e+09",
    "# TYPE prometheus_config_last_reload_successful gauge",
    "prometheus_config_last_reload_successful 1",
    "",
  ].join("\n");
  expect(parseReloadState(page, metrics)).toEqual({ successful: 1, timestamp: 1763719393.4485 });
});

test("a gauge with labels is found, one that is missing is not a number", () => {
  expect(parseReloadState('prometheus_config_last_reload_successful{a="b c"} 0\n', metrics)).toEqual({
    successful: 0,
    timestamp: Number.NaN,
  });
});

test("a reload worked once its time is not before we asked", () => {
  const before = { successful: 1, timestamp: 100 };
  expect(judgeReload(before, { successful: 1, timestamp: 100 }, 200)).toBe("unknown");
  expect(judgeReload(before, { successful: 1, timestamp: 200.1 }, 200)).toBe("done");
});

test("a reload was refused when the gauge falls to 0", () => {
  expect(judgeReload({ successful: 1, timestamp: 100 }, { successful: 0, timestamp: 100 }, 200)).toBe(
    "refused",
  );
});

test("a 0 left by an earlier refusal is no verdict on this reload", () => {
  const before = { successful: 0, timestamp: 100 };
  expect(judgeReload(before, { successful: 0, timestamp: 100 }, 200)).toBe("unknown");
  expect(judgeReload(before, { successful: 1, timestamp: 201 }, 200)).toBe("done");
});
