// A tiny program with all the bad manners that a supervisor has to cope with; told how to behave by the JSON in its argument.
//
//   port            answers there: / with its pid, its arguments and configuration, /ready, /metrics with reload gauges
//   readyAfterMs    /ready answers 503 until then; -1: for ever
//   exitAfterMs     ends by itself after that time, with exitCode
//   deaf            ignores SIGTERM
//   child           starts a child that ignores SIGTERM; "escaped": in a process group and session of its own
//   config          JSON file, read at start and on SIGHUP; { "broken": true } in it: it refuses
//   say             prints this line at start
//   chatter         prints so many lines of 100 letters, then "chatter done"
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const behaviour = JSON.parse(process.argv[2]);
const started = Date.now();
let config = {};
let reload = { successful: 1, timestamp: started / 1000 };

function read() {
  const next = JSON.parse(readFileSync(behaviour.config, "utf8"));
  if (next.broken) throw new Error("the configuration is broken");
  config = next;
}

if (behaviour.say) console.log(behaviour.say);
if (behaviour.config) {
  try {
    read();
  } catch (error) {
    console.log(`fatal: ${error.message}`);
    process.exit(3);
  }
  process.on("SIGHUP", () => {
    try {
      read();
      reload = { successful: 1, timestamp: Date.now() / 1000 };
      console.log("reloaded");
    } catch (error) {
      reload = { ...reload, successful: 0 };
      console.log(`reload failed: ${error.message}`);
    }
  });
}
if (behaviour.deaf) process.on("SIGTERM", () => console.log("SIGTERM ignored"));
if (behaviour.child) {
  const child = spawn(
    process.execPath,
    ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"],
    {
      detached: behaviour.child === "escaped",
      stdio: "ignore",
    },
  );
  console.log(`child ${child.pid}`);
}
for (let at = 0; at < (behaviour.chatter ?? 0); at++) console.log(`${at}`.padEnd(100, "."));
if (behaviour.chatter) console.log("chatter done");
if (behaviour.exitAfterMs !== undefined)
  setTimeout(() => {
    console.log("about to end");
    process.exit(behaviour.exitCode ?? 1);
  }, behaviour.exitAfterMs);
if (behaviour.port === undefined) setInterval(() => {}, 1000);
else
  createServer((request, response) => {
    if (request.url === "/ready") {
      const after = behaviour.readyAfterMs ?? 0;
      const ready = after >= 0 && Date.now() - started >= after;
      response.writeHead(ready ? 200 : 503).end(ready ? "ready" : "still warming up");
    } else if (request.url === "/metrics") {
      response.end(
        `# TYPE last_reload gauge\nlast_reload_successful ${reload.successful}\nlast_reload_timestamp ${reload.timestamp}\n`,
      );
    } else response.end(JSON.stringify({ pid: process.pid, behaviour, config, env: process.env }));
  }).listen(behaviour.port, "127.0.0.1");
