import { readProgress } from "../../../../stack/runtime/compose/progress.js";

describe("readProgress", () => {
  test.each([
    [" Container shop-loki-1  Creating", "shop-loki-1", "starting"],
    [" Container shop-loki-1  Recreate", "shop-loki-1", "restarting"],
    [" Container shop-loki-1  Started", "shop-loki-1", "waiting"],
    [" Container shop-loki-1  Stopping", "shop-loki-1", "stopping"],
  ])("understands %j", (line, of, phase) => {
    expect(readProgress(line)).toEqual({ of, kind: "container", phase });
  });

  test("tells that an image is being pulled", () => {
    expect(readProgress(" loki Pulling ")).toEqual({
      of: "loki",
      kind: "image",
      phase: "preparing",
      detail: "pulling its image",
    });
  });

  test.each([
    " Network shop_stack  Created",
    " Container shop-loki-1  Error response from daemon: no space",
    "Error response from daemon: no such host",
    "",
  ])("makes nothing of %j", (line) => {
    expect(readProgress(line)).toBeUndefined();
  });
});
