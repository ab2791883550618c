import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from "node:net";

/** What one of the services was told, once it has accepted it. */
export interface Told {
  by: "slack" | "pagerduty" | "teams" | "opsgenie" | "webhook";
  method: string;
  path: string;
  // biome-ignore lint/suspicious/noExplicitAny: messages of five services; tests look at what they expect.
  body: any;
}

/** An e-mail as it came, headers and body decoded as far as tests need. */
export interface Mail {
  from: string;
  to: string;
  user: string;
  password: string;
  text: string;
}

/** Stand-ins for the services that receivers talk to; each refuses what the real one refuses. */
export interface FakeReceivers {
  /** `http://127.0.0.1:PORT`, without a path. */
  url: string;
  /** `127.0.0.1:PORT` of the mail server. */
  smtp: string;
  told: Told[];
  mails: Mail[];
  /** What was refused, and why. */
  refused: string[];
  /** Requests to a webhook, also those it did not accept. */
  attempts(path: string): number;
  /** How a webhook's path answers from now on: 200, another status, or never. */
  answer(path: string, how: number | "never"): void;
  close(): Promise<void>;
}

/**
 * Opens all of them on free ports of loopback:
 * Slack's incoming webhooks at `/slack/...`, PagerDuty's Events API v2 at `/v2/enqueue`, Teams' workflows at `/teams/...`,
 * Opsgenie's Alert API at `/v2/alerts`, webhooks at `/webhook/...` (with `bearer`, that token is asked for at `/webhook/bearer`).
 */
export async function openReceivers({ bearer }: { bearer: string }): Promise<FakeReceivers> {
  const told: Told[] = [];
  const mails: Mail[] = [];
  const refused: string[] = [];
  const attempts = new Map<string, number>();
  const answers = new Map<string, number | "never">();
  const http = createServer(async (request, response) => {
    const path = (request.url ?? "").split("?")[0]!;
    attempts.set(path, (attempts.get(path) ?? 0) + 1);
    const how = answers.get(path) ?? 200;
    const text = await bodyOf(request);
    if (how === "never") return;
    if (how !== 200) return void response.writeHead(how).end("out of order");
    const { by, fault, status, reply } = verdict(request, path, parsed(text), bearer);
    if (fault !== undefined) {
      refused.push(`${request.method} ${path}: ${fault}`);
      return void answered(response, 400, fault);
    }
    told.push({ by, method: request.method!, path, body: parsed(text) });
    answered(response, status, reply);
  });
  const smtp = createTcpServer((socket) => mailConversation(socket, mails, refused));
  const [httpPort, smtpPort] = await Promise.all([listening(http), listening(smtp)]);
  return {
    url: `http://127.0.0.1:${httpPort}`,
    smtp: `127.0.0.1:${smtpPort}`,
    told,
    mails,
    refused,
    attempts: (path) => attempts.get(path) ?? 0,
    answer: (path, how) => void answers.set(path, how),
    async close() {
      http.closeAllConnections();
      await Promise.all([http, smtp].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

interface Verdict {
  by: Told["by"];
  fault?: string | undefined;
  status: number;
  reply: string;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever was sent.
function verdict(request: IncomingMessage, path: string, body: any, bearer: string): Verdict {
  const { authorization } = request.headers;
  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
  if (path.startsWith("/slack/"))
    return {
      by: "slack",
      fault: body?.attachments?.length > 0 || body?.text ? undefined : "invalid_payload",
      status: 200,
      reply: "ok",
    };
  // https://developer.pagerduty.com/docs/send-alert-event
  if (path === "/v2/enqueue") {
    const payload = body?.event_action === "resolve" ? {} : (body?.payload ?? {});
    const complete =
      body?.event_action === "resolve" ||
      (body?.event_action === "trigger" &&
        payload.summary?.length <= 1024 &&
        payload.source &&
        ["critical", "error", "warning", "info"].includes(payload.severity));
    return {
      by: "pagerduty",
      fault: complete && body.routing_key?.length === 32 && body.dedup_key ? undefined : "invalid event",
      status: 202,
      reply: JSON.stringify({ status: "success", message: "Event processed", dedup_key: body?.dedup_key }),
    };
  }
  // https://learn.microsoft.com/en-us/connectors/teams/ (the card that a workflow's webhook posts)
  if (path.startsWith("/teams/")) {
    const card = body?.type === "message" ? body.attachments?.[0] : undefined;
    const isCard =
      card?.contentType === "application/vnd.microsoft.card.adaptive" &&
      card.content?.type === "AdaptiveCard";
    return { by: "teams", fault: isCard ? undefined : "no adaptive card", status: 202, reply: "" };
  }
  // https://docs.opsgenie.com/docs/alert-api
  if (path.startsWith("/v2/alerts")) {
    const closes = path.endsWith("/close");
    const valid =
      authorization?.startsWith("GenieKey ") && (closes || (body?.message && body.message.length <= 130));
    return {
      by: "opsgenie",
      fault: valid ? undefined : "the key or the message is missing",
      status: 202,
      reply: JSON.stringify({ result: "Request will be processed", took: 0.1, requestId: "1" }),
    };
  }
  const wanted = path === "/webhook/bearer" ? `Bearer ${bearer}` : undefined;
  return {
    by: "webhook",
    fault: authorization === wanted && body?.version === "4" ? undefined : "unauthorized, or no message",
    status: 200,
    reply: "",
  };
}

/** A mail server's side of RFC 5321 with AUTH PLAIN (RFC 4954), for one client that is polite. */
function mailConversation(socket: Socket, mails: Mail[], refused: string[]): void {
  let mail: Mail = { from: "", to: "", user: "", password: "", text: "" };
  let pending = "";
  let inData = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const address = (line: string) => /<(.*?)>/.exec(line)?.[1] ?? "";
  socket.setEncoding("utf8").on("error", () => {});
  say("220 mail.test ESMTP");
  const take = (line: string) => {
    if (inData) {
      if (line !== ".") mail.text += `${line.replace(/^\.\./, ".")}\n`;
      else {
        inData = false;
        mails.push(mail);
        say("250 queued");
      }
      return;
    }
    const [verb = ""] = line.toUpperCase().split(" ");
    if (verb === "EHLO") {
      say("250-mail.test");
      say("250 AUTH PLAIN");
    } else if (verb === "HELO") say("250 mail.test");
    else if (verb === "AUTH") {
      const [, user = "", password = ""] = Buffer.from(line.split(" ")[2] ?? "", "base64")
        .toString()
        .split("\0");
      mail = { ...mail, user, password };
      say("235 accepted");
    } else if (verb === "MAIL") {
      mail.from = address(line);
      say("250 ok");
    } else if (verb === "RCPT") {
      mail.to = address(line);
      say("250 ok");
    } else if (verb === "DATA") {
      inData = true;
      say("354 go on");
    } else if (verb === "QUIT") {
      say("221 bye");
      socket.end();
    } else {
      refused.push(line);
      say("502 unknown");
    }
  };
  socket.on("data", (chunk: string) => {
    pending += chunk;
    for (let end = pending.indexOf("\r\n"); end !== -1; end = pending.indexOf("\r\n")) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 2);
      take(line);
    }
  });
}

function answered(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { "content-type": text.startsWith("{") ? "application/json" : "text/plain" })
    .end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function listening(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
