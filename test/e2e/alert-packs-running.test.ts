import { waitFor } from "../support/wait-for.js";
import { withStack } from "../support/with-stack.js";

interface Rules {
  data: {
    groups: {
      name: string;
      /** Seconds. */
      interval: number;
      rules: {
        name: string;
        type: string;
        health: string;
        lastError?: string;
        state?: string;
        annotations?: Record<string, string>;
      }[];
    }[];
  };
}

test("the running stack evaluates every rule of the packs, and serves the runbook that each alert links to", async () => {
  await withStack({}, async ({ definition, write, ok, url }) => {
    await write(
      "obs.config.ts",
      `import { defineStack } from "obs-stack";
import { hostPack, llmPack, servicePack, stackPack } from "obs-stack/alerts";
const definition = ${JSON.stringify({ ...definition, metrics: { scrapeInterval: "1s" } })};
export default defineStack({
  ...definition,
  alerting: { packs: [llmPack(), servicePack(), hostPack(), stackPack()] },
});
`,
    );
    await write("alerts/runbooks/HostOomKill.md", "# HostOomKill\n\n**Meaning.** Ours.\n");
    await ok(["up", "--runtime", "native"]);
    const rules = async () => {
      const answer = (await (await fetch(url("prometheus", "/api/v1/rules"))).json()) as Rules;
      // Some groups are evaluated so seldom that nobody waits for them here.
      return answer.data.groups.flatMap((group) =>
        group.rules.map((rule) => ({ ...rule, often: group.interval <= 15 })),
      );
    };
    await waitFor("every rule to be evaluated", async () =>
      (await rules()).every(({ health, often }) => !often || health !== "unknown"),
    );
    const all = await rules();
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter(({ health, often }) => health !== "ok" && (often || health !== "unknown"))).toEqual([]);
    await waitFor("the watchdog to fire", async () =>
      (await rules()).some(({ name, state }) => name === "StackWatchdog" && state === "firing"),
    );
    const alerts = all.filter(({ type }) => type === "alerting");
    const pages = await Promise.all(
      alerts.map(async ({ name, annotations }) => {
        const response = await fetch(annotations?.runbook_url ?? "");
        const html = await response.text();
        return { name, ok: response.ok && html.includes(`<h1>${name}</h1>`) };
      }),
    );
    expect(pages.filter((page) => !page.ok)).toEqual([]);
    const served = async (path: string) => (await fetch(url("prometheus", path))).text();
    expect(await served("/user/HostOomKill.html")).toContain("Ours.");
    expect(await served("/user/")).toContain('<a href="./StackWatchdog.html">');

    // An edited runbook is there after `obs up`, without a restart.
    await write("alerts/runbooks/HostOomKill.md", "# HostOomKill\n\n**Meaning.** Ours, edited.\n");
    await ok(["up", "--runtime", "native"]);
    expect(await served("/user/HostOomKill.html")).toContain("Ours, edited.");
    expect((await ok(["runbook", "HostOomKill"])).stdout).toContain("Ours, edited.");
  });
}, 300_000);
