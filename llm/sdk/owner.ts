import {
  type Attributes,
  type Baggage,
  type Context,
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
} from "@opentelemetry/api";
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { baggageFields, type CallField, emittedName } from "../semconv.js";

/** For whom and for what something is done: on every span and log line inside, and so on every bill. */
export interface Owner {
  /** Id of the person it is done for. The ledger keeps a keyed hash only. */
  user?: string;
  /** Whose budget it is. */
  team?: string;
  /** Which part of the product. */
  feature?: string;
  /** `production`, `staging`: where it differs from the process's own. */
  environment?: string;
  /** The application's id of its own request. */
  requestId?: string;
  /** Conversation or session. */
  conversation?: string;
  /** Version of the prompt that is used. */
  promptVersion?: string;
}

const fields = [
  "user",
  "team",
  "feature",
  "environment",
  "requestId",
  "conversation",
  "promptVersion",
] as const satisfies readonly (keyof Owner & CallField)[];

const ownerKey = createContextKey("obs-stack owner");
const agentKey = createContextKey("obs-stack agent");
const nobody: Readonly<Attributes> = Object.freeze({});

// Not baggage of the context itself: instrumentations of HTTP clients would send that along to whomever is called,
// providers of models included.
const propagator = new CompositePropagator({
  propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
});

/** Longer values are cut: they become attributes of every span inside. */
const longest = 200;

/**
 * Runs a function for somebody: `withContext({ user, team, feature }, async () => …)`. What it says adds to the context
 * around it and holds for all that the function starts, awaited or not. Gives what the function gives.
 */
export function withContext<T>(owner: Owner, fn: () => T): T {
  return context.with(owned(context.active(), owner), fn);
}

/** Attributes of the owner and the agent that a context is of. */
export function ownerAttributes(of: Context): Readonly<Attributes> {
  return (of.getValue(ownerKey) as Readonly<Attributes> | undefined) ?? nobody;
}

/** The same, without what would make any span look like a call of a model to whoever counts those. */
export function generalAttributes(of: Context): Attributes {
  return Object.fromEntries(
    Object.entries(ownerAttributes(of)).filter(([name]) => !name.startsWith("gen_ai.")),
  );
}

/** The agent that is running, if any. */
export function agentOf(of: Context): string | undefined {
  return of.getValue(agentKey) as string | undefined;
}

/** The context inside of an agent. */
export function inAgent(of: Context, name: string): Context {
  const attributes = { ...ownerAttributes(of), [emittedName("agent")]: name };
  return of.setValue(agentKey, name).setValue(ownerKey, Object.freeze(attributes));
}

function owned(of: Context, owner: Owner): Context {
  const attributes: Attributes = { ...ownerAttributes(of) };
  for (const field of fields) {
    const value = owner?.[field];
    // Whatever a program in JavaScript hands over: a number is a fine id, an object isn't.
    if (value === undefined || value === null || value === "" || typeof value === "object") continue;
    attributes[emittedName(field)] = String(value).slice(0, longest);
  }
  return of.setValue(ownerKey, Object.freeze(attributes));
}

/** What travels with a message: headers of HTTP or of a queue. */
export type Carrier = Record<string, string>;

/**
 * Writes the trace and the owner that are active into a message's headers (`traceparent`, `tracestate`, `baggage`), and
 * returns them: `queue.send(body, { headers: inject() })`. For services of one's own only: the user's id is among them.
 */
export function inject<T extends object = Carrier>(carrier: T = {} as T): T {
  const active = context.active();
  const attributes = ownerAttributes(active);
  let baggage: Baggage = propagation.getBaggage(active) ?? propagation.createBaggage();
  for (const field of baggageFields) {
    const value = attributes[emittedName(field)];
    if (typeof value === "string") baggage = baggage.setEntry(emittedName(field), { value });
  }
  propagator.inject(propagation.setBaggage(active, baggage), carrier, {
    set: (into: Record<string, string>, name, value) => {
      into[name] = value;
    },
  });
  return carrier;
}

/**
 * Runs a function as a part of the trace, and for the owner, that a message's headers tell of. Headers without any, or
 * with nonsense, are as good as none. Gives what the function gives.
 */
export function extract<T>(carrier: object | undefined | null, fn: () => T): T {
  let found = ROOT_CONTEXT;
  try {
    found = propagator.extract(ROOT_CONTEXT, carrier ?? {}, {
      keys: (from) => Object.keys(from),
      get: (from: Record<string, unknown>, name) => textOf(from, name),
    });
  } catch {
    // Then it begins a trace of its own.
  }
  const baggage = propagation.getBaggage(found);
  const owner: Owner = {};
  for (const field of baggageFields) owner[field] = baggage?.getEntry(emittedName(field))?.value;
  return context.with(owned(propagation.deleteBaggage(found), owner), fn);
}

/** A header by its name in any case; clients of queues hand over buffers, and lists. */
function textOf(from: Record<string, unknown>, name: string): string | undefined {
  const key = Object.keys(from).find((each) => each.toLowerCase() === name);
  const value = key === undefined ? undefined : from[key];
  const one = Array.isArray(value) ? value[0] : value;
  if (typeof one === "string") return one;
  return one instanceof Uint8Array ? Buffer.from(one).toString("utf8") : undefined;
}
