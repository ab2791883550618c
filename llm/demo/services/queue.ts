import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { SpanKind } from "@opentelemetry/api";
import { type Carrier, extract, withContext } from "../../sdk/index.js";
import { type Json, request } from "./http.js";
import { say } from "./say.js";
import { carried, inSpan, requestIdHeader } from "./spans.js";

/** A message on its way: its headers carry trace and owner, as those of real queues do. */
interface Message {
  headers: Carrier;
  body: Json;
}

/** How long a consumer waits for a message before it asks again, in milliseconds. */
const longPoll = 20_000;
/** Messages that nobody takes are dropped, the oldest first. */
const longest = 1_000;

/** Queues in memory, as a broker holds them: `POST /queues/<name>` puts a message in, `GET` waits for one. */
export class Broker {
  readonly #queues = new Map<string, { messages: Message[]; waiting: Set<(message: Message) => void> }>();

  /** Answers a request to a queue; false where it is about something else. */
  handle(incoming: IncomingMessage, response: ServerResponse): boolean {
    const name = /^\/queues\/([a-z-]+)$/.exec(incoming.url ?? "")?.[1];
    if (name === undefined) return false;
    if (incoming.method === "POST") {
      let text = "";
      incoming.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      incoming.on("end", () => {
        this.#put(name, JSON.parse(text) as Message);
        response.writeHead(202).end();
      });
    } else this.#take(name, response);
    return true;
  }

  #queue(name: string) {
    const queue = this.#queues.get(name) ?? { messages: [], waiting: new Set() };
    this.#queues.set(name, queue);
    return queue;
  }

  #put(name: string, message: Message): void {
    const { messages, waiting } = this.#queue(name);
    const [next] = waiting;
    if (next) next(message);
    else messages.push(message);
    if (messages.length > longest) messages.shift();
  }

  #take(name: string, response: ServerResponse): void {
    const { messages, waiting } = this.#queue(name);
    const give = (message?: Message) => {
      clearTimeout(timer);
      waiting.delete(give);
      response.writeHead(message ? 200 : 204).end(message && JSON.stringify(message));
    };
    const timer = setTimeout(give, longPoll);
    const next = messages.shift();
    if (next) return void give(next);
    waiting.add(give);
    response.on("close", () => {
      clearTimeout(timer);
      waiting.delete(give);
    });
  }
}

const attributes = (queue: string, operation: string) => ({
  "messaging.system": "demo",
  "messaging.destination.name": queue,
  "messaging.operation.type": operation,
});

/** Puts a message into a queue, in a producer span whose context travels with it. */
export function send(broker: string, queue: string, body: object): Promise<void> {
  return inSpan(`send ${queue}`, SpanKind.PRODUCER, attributes(queue, "send"), async () => {
    const { status } = await request(broker, `/queues/${queue}`, { headers: carried(), body });
    if (status !== 202) throw new Error(`the queue ${queue} answered ${status}`);
  });
}

/** Works on the messages of a queue, several at once, each in a consumer span of its sender's trace. Never ends. */
export async function consume(
  broker: string,
  queue: string,
  work: (body: Json) => Promise<void>,
): Promise<never> {
  for (;;) {
    let message: Message | undefined;
    try {
      message = (await request(broker, `/queues/${queue}`, undefined)).value;
    } catch {
      // The broker starts later, or again.
      await delay(500);
    }
    if (message) void workOn(queue, message, work);
  }
}

async function workOn(
  queue: string,
  { headers, body }: Message,
  work: (body: Json) => Promise<void>,
): Promise<void> {
  try {
    await extract(headers, () =>
      withContext({ requestId: headers[requestIdHeader] }, () =>
        inSpan(`process ${queue}`, SpanKind.CONSUMER, attributes(queue, "process"), async () => {
          try {
            await work(body);
          } catch (error) {
            say("error", `a message of ${queue} failed`, { error });
            throw error;
          }
        }),
      ),
    );
  } catch {
    // Told where it happened; the next message is another matter.
  }
}
