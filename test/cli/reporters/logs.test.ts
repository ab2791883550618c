import { logPrinter } from "../../../cli/reporters/logs.js";

function printed(options: { color?: boolean; prefix?: boolean }): string[] {
  const lines: string[] = [];
  const print = logPrinter(["loki", "prometheus"], {
    color: false,
    prefix: true,
    ...options,
    print: (line) => lines.push(line),
  });
  print("loki", "a");
  print("prometheus", "b");
  return lines;
}

test("each line stands under its service's name, aligned", () => {
  expect(printed({})).toEqual(["loki       │ a", "prometheus │ b"]);
});

test("each service has a colour of its own", () => {
  const [loki, prometheus] = printed({ color: true });
  expect(loki).toContain("\u001b[36mloki");
  expect(prometheus).toContain("\u001b[33mprometheus");
});

test("without a prefix the lines come as they are", () => {
  expect(printed({ prefix: false })).toEqual(["a", "b"]);
});
