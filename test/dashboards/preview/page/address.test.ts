import { readAddress, writeAddress } from "../../../../dashboards/preview/page/app/address.js";

const read = (path: string) => readAddress(new URL(path, "http://127.0.0.1"));

test("an address of Grafana's is understood", () => {
  expect(
    read(
      "/d/llm-overview/llm-overview?from=now-6h&to=now&var-model=a&var-model=b%26c&var-team=$__all&viewPanel=panel-4&kiosk",
    ),
  ).toEqual({
    uid: "llm-overview",
    from: "now-6h",
    to: "now",
    viewPanel: 4,
    kiosk: true,
    variables: { model: ["a", "b&c"], team: ["$__all"] },
  });
});

test.each([
  "/",
  "/d/home",
  "/d/a%20b?from=1700000000000&to=1700003600000&refresh=30s&theme=light",
  "/d/home?viewPanel=3&trace=4bf92f3577b34da6a3ce929d0e0e4736&all=1&var-model=a&var-model=b",
])("%s says the same when it is written again", (path) => {
  expect(read(writeAddress(read(path)))).toEqual(read(path));
});

test("what nobody understands is left out", () => {
  expect(read("/d/home?theme=pink&viewPanel=x&other=1")).toEqual({ uid: "home", variables: {} });
});
