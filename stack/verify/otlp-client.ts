import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type RequestOptions, request } from "node:http";
import { request as secureRequest } from "node:https";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { withDeadline } from "../deadline.js";
import { AskError, explain, said } from "./ask.js";
import type { VerifyContext } from "./context.js";
import { urlOf } from "./context.js";

/** The three signals of OTLP, as in the paths of its HTTP endpoint. */
export type SignalName = "traces" | "logs" | "metrics";

/**
 * Sends one OTLP/JSON request the way an application does: with the stack's token and over TLS where it demands them.
 * Resolves once the collector has accepted all of it; throws AskError with the reason otherwise.
 */
export async function sendOtlp(context: VerifyContext, signal: SignalName, payload: object): Promise<void> {
  const url = new URL(urlOf(context, "otlpHttp", `/v1/${signal}`));
  const { tls, token } = context.stack.otlp;
  if (tls) url.protocol = "https:";
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${await readToken(context, token.secret)}`;
  let answer: { status: number; body: string };
  try {
    const socket = tls && (await pinnedConnection(context, url, tls.certificate));
    answer = await withDeadline(10_000, context.signal, (within) => {
      const options: RequestOptions = { method: "POST", headers, signal: within };
      return post(
        url,
        { ...options, ...(socket ? { createConnection: () => socket } : { agent: false }) },
        payload,
      );
    });
  } catch (error) {
    context.signal.throwIfAborted();
    throw error instanceof AskError ? error : new AskError(explain(error, url.href));
  }
  if (answer.status !== 200)
    throw new AskError(`answers ${answer.status}${said(answer.body)} at ${url.href}`);
  const refused = rejectedPart(answer.body);
  if (refused) throw new AskError(`refused a part: ${refused}`);
}

/** The file that the collector itself reads the token from: what counts is what the running program was given. */
async function readToken({ project }: VerifyContext, name: string): Promise<string> {
  const file = join(project.stateDir, "secrets", "otel-collector", name);
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw new AskError(
      `wants a token, and the one it was given can't be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
}

/**
 * A TLS connection to whoever has exactly the certificate of the definition. Its names are not compared: it is made
 * for the address that applications use, which need not be the one by which this machine reaches itself.
 */
async function pinnedConnection(
  { project, signal }: VerifyContext,
  url: URL,
  certificate: string,
): Promise<TLSSocket> {
  const expected = new X509Certificate(await readFile(join(project.root, certificate)));
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(url.port), rejectUnauthorized: false, timeout: 10_000 });
    const abort = () => socket.destroy(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    socket.once("close", () => signal.removeEventListener("abort", abort));
    socket.once("timeout", () => socket.destroy(new AskError(`doesn't answer at ${url.href}`)));
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      socket.setTimeout(0);
      if (socket.getPeerX509Certificate()?.fingerprint256 === expected.fingerprint256) return resolve(socket);
      socket.destroy();
      reject(new AskError(`shows another certificate than ${certificate} at ${url.href}`));
    });
  });
}

function post(url: URL, options: RequestOptions, payload: object): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? secureRequest : request;
    const call = send(url, options, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.on("error", reject);
    call.end(JSON.stringify(payload));
  });
}

/** A collector may accept a request and yet reject parts of it. */
function rejectedPart(body: string): string | undefined {
  try {
    const { partialSuccess } = JSON.parse(body) as { partialSuccess?: Record<string, string | number> };
    const rejected = Object.entries(partialSuccess ?? {}).some(
      ([key, value]) => key.startsWith("rejected") && Number(value) > 0,
    );
    return rejected ? String(partialSuccess?.errorMessage ?? "no reason given") : undefined;
  } catch {
    return undefined;
  }
}
