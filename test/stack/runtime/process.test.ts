import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  groupMembers,
  identify,
  isRunning,
  markedProcesses,
  markers,
  startTimeOf,
} from "../../../stack/runtime/process.js";
import { waitFor } from "../../support/wait-for.js";

const idle = ["-e", "setInterval(() => {}, 1000)"];

test("a process is the same as long as it runs, and only then", async () => {
  const child = spawn(process.execPath, idle);
  const id = identify(child.pid!)!;
  expect(isRunning(id)).toBe(true);
  expect(isRunning({ ...id, startTime: "another" })).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isRunning(id)).toBe(false);
  expect(identify(child.pid!)).toBeUndefined();
});

test("numbers that are no process ids name no process", () => {
  for (const pid of [0, -1, 1.5, Number.NaN]) expect(startTimeOf(pid)).toBeUndefined();
});

test("members of a group are found after their leader's end", async () => {
  const leader = spawn(
    process.execPath,
    [
      "-e",
      `require("child_process").spawn(process.execPath, ${JSON.stringify(idle)}, { stdio: "ignore" }).unref()`,
    ],
    { detached: true, stdio: "ignore" },
  );
  await once(leader, "exit");
  const members = await waitFor("the child alone", () => {
    const found = groupMembers(leader.pid!);
    return found.length === 1 && found;
  });
  process.kill(members[0]!, "SIGKILL");
  await waitFor("its end", () => groupMembers(leader.pid!).length === 0);
});

test("processes are found by the mark in their environment", async () => {
  const child = spawn(process.execPath, idle, {
    env: { ...process.env, [markers.stack]: "/somewhere/.obs", [markers.service]: "loki" },
  });
  const found = await waitFor("the mark", () => {
    const marked = markedProcesses("/somewhere/.obs");
    return marked.length > 0 && marked;
  });
  expect(found).toEqual([{ ...identify(child.pid!), service: "loki" }]);
  expect(markedProcesses("/somewhere")).toEqual([]);
  child.kill("SIGKILL");
  await once(child, "exit");
});
