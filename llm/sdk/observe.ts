import { context } from "@opentelemetry/api";
import { type Answered, type Asked, Call, currentCall } from "./call.js";
import { say } from "./say.js";

// The official clients share their core: every method ends in `makeRequest`, which sends, retries and throws, and in an
// APIPromise, which parses what came when somebody asks for it. Both are taken hold of on the client itself, so that
// what the application gets are the very objects that the client makes.

/** What one kind of client sends and gets. */
export interface Wire {
  /** Makes ready a client that is to be observed. */
  adopt?(client: Client): void;
  /** What a request asks of a model; undefined for whatever calls none. */
  asked(client: Client, options: RequestOptions): Asked | undefined;
  /** A request that is to be sent instead, so that a stream tells its usage; and whether its reader doesn't expect that. */
  prepare?(options: RequestOptions): { options: RequestOptions; hidesUsage: boolean };
  /** Reads a whole answer. */
  answer(answered: Answered, value: unknown, keepsContent: boolean): void;
  /** Reads a part of a stream, as cheaply as can be. */
  part(answered: Answered, chunk: unknown, keepsContent: boolean): void;
  /** Whether a part is there only because usage was asked for. */
  isOnlyUsage?(chunk: unknown): boolean;
}

/** A client, as far as it is used here. */
export interface Client {
  baseURL?: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the clients' own, internal signatures.
  [name: string]: any;
}

/** Options of one request. */
export interface RequestOptions {
  method?: string;
  path?: string;
  stream?: boolean;
  body?: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: whatever else belongs to the client.
  [name: string]: any;
}

/** What `makeRequest` gives. */
interface Made {
  response: Response;
  options: RequestOptions;
  controller?: AbortController;
}

interface Watched {
  call: Call;
  wire: Wire;
  hidesUsage: boolean;
  /** Somebody reads the answer: parsed, or a copy of it. */
  read: boolean;
  /** Reads of a stream that are under way. */
  reading: number;
  aborted: boolean;
}

/** Across all copies of the SDK: a client is observed once. */
const observedMark = Symbol.for("obs-stack.sdk.observed");
const watchedCalls = new WeakMap<object, Watched>();
/** Streams that nobody reads to their end, and drops. */
const forgotten = new FinalizationRegistry<Call>((call) => call.abandon());

/** Observes a client in place, and gives it back. A client of another make is left as it is, which is told once. */
export function observe<T>(client: T, wire: Wire, kind: string): T {
  const target = client as Client;
  if (typeof client !== "object" || client === null || target[observedMark as unknown as string])
    return client;
  const { makeRequest, request, withOptions } = target;
  if (typeof makeRequest !== "function" || typeof request !== "function") {
    say(`this is not a client of ${kind}, or of a version that isn't known: its calls are not recorded`);
    return client;
  }
  try {
    hide(target, observedMark, true);
    wire.adopt?.(target);
    hide(target, "makeRequest", function (this: Client, ...args: MakeArguments) {
      return watchRequest(this, wire, makeRequest, args);
    });
    hide(target, "request", function (this: Client, ...args: unknown[]) {
      return watchPromise(() => request.apply(this, args), this);
    });
    if (typeof withOptions === "function")
      hide(target, "withOptions", function (this: Client, ...args: unknown[]) {
        return observe(withOptions.apply(this, args), wire, kind);
      });
  } catch {
    say(`a client of ${kind} is frozen: its calls are not recorded`);
  }
  return client;
}

function hide(target: object, name: string | symbol, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}

type MakeArguments = [
  options: RequestOptions | PromiseLike<RequestOptions>,
  retriesRemaining: unknown,
  retryOf?: string,
  ...rest: unknown[],
];
type MakeRequest = (this: Client, ...args: MakeArguments) => Promise<Made>;
/** Of the client and what came; older clients leave out the former. */
type Parse = (...given: unknown[]) => Promise<unknown>;

/** What a request that just began is told by the promise that the client makes for it. */
interface Pending {
  parse?: Parse;
}

/** The request that began last; read at once, in the same turn. */
const begun: { last?: Pending } = {};

async function watchRequest(
  client: Client,
  wire: Wire,
  makeRequest: MakeRequest,
  args: MakeArguments,
): Promise<Made> {
  const [input, retriesRemaining, retryOf, ...rest] = args;
  const retried = currentCall();
  // Older clients don't say of what it is a repetition, but always how many are left.
  if (retryOf !== undefined || (retried && typeof retriesRemaining === "number")) {
    retried?.retried();
    return makeRequest.apply(client, args);
  }
  const pending: Pending = {};
  begun.last = pending;
  let options = await input;
  let call: Call | undefined;
  let hidesUsage = false;
  try {
    const asked = wire.asked(client, options);
    if (asked) {
      call = new Call(asked);
      if (options.stream && wire.prepare) ({ options, hidesUsage } = wire.prepare(options));
    }
  } catch {
    // A request of a shape that nobody foresaw goes its way unseen.
  }
  const send = () => makeRequest.call(client, options, retriesRemaining, undefined, ...rest);
  if (!call) return send();
  let made: Made;
  try {
    made = await context.with(call.context, send);
  } catch (error) {
    call.fail(error);
    throw error;
  }
  call.responded(made.response);
  const watched: Watched = { call, wire, hidesUsage, read: false, reading: 0, aborted: false };
  watchedCalls.set(made, watched);
  const { parse } = pending;
  // Who awaits the answer begins to read it in this turn; who doesn't may never, or much later.
  if (!options.stream && parse) setImmediate(() => readCopy(watched, client, made, parse));
  return made;
}

/** The client's own promise, with its two ways to an answer observed. */
function watchPromise<P>(makePromise: () => P, client: Client): P {
  begun.last = undefined;
  const promise = makePromise();
  const pending = begun.last as Pending | undefined;
  const own = promise as RawPromise;
  const { parseResponse } = own;
  if (typeof parseResponse !== "function" || typeof own.asResponse !== "function" || !own.responsePromise)
    return promise;
  if (pending) pending.parse = parseResponse;
  watch(own, client, parseResponse);
  return promise;
}

interface RawPromise {
  parseResponse?: Parse;
  asResponse?: () => Promise<Response>;
  responsePromise?: Promise<Made>;
  _thenUnwrap?: (...args: unknown[]) => RawPromise;
}

/** Observes a promise and those that the client derives from it; the outermost that is read tells of the answer. */
function watch(promise: RawPromise, client: Client, rawParse: Parse): RawPromise {
  const { parseResponse, asResponse, responsePromise, _thenUnwrap } = promise;
  if (!parseResponse || !asResponse || !responsePromise) return promise;
  promise.parseResponse = async (...given) => {
    const made = given.at(-1) as Made;
    const watched = watchedCalls.get(made);
    if (!watched || watched.read) return parseResponse(...given);
    watched.read = true;
    let value: unknown;
    try {
      value = await parseResponse(...given);
    } catch (error) {
      watched.call.fail(error);
      throw error;
    }
    try {
      received(watched, made, value);
    } catch {
      watched.call.finish();
    }
    return value;
  };
  hide(promise, "asResponse", () =>
    // `withResponse` has begun to parse when it asks for the response.
    responsePromise.then((made) => {
      const watched = watchedCalls.get(made);
      if (watched) readCopy(watched, client, made, rawParse);
      return asResponse.call(promise);
    }),
  );
  if (_thenUnwrap)
    hide(promise, "_thenUnwrap", (...args: unknown[]) =>
      watch(_thenUnwrap.apply(promise, args), client, rawParse),
    );
  return promise;
}

/** The application reads the answer itself, or not at all: usage is read from a copy. */
function readCopy(watched: Watched, client: Client, made: Made, parse: Parse): void {
  if (watched.read) return;
  watched.read = true;
  const { call } = watched;
  let copy: Response;
  try {
    copy = made.response.clone();
  } catch {
    call.finish();
    return;
  }
  const copied = { ...made, response: copy, controller: new AbortController() };
  (parse.length > 1 ? parse(client, copied) : parse(copied))
    .then(async (value) => {
      received(watched, made, value);
      if (isStream(value)) for await (const _ of value);
    })
    .catch(() => call.abandon());
}

interface Stream extends AsyncIterable<unknown> {
  iterator: () => AsyncIterator<unknown>;
  controller?: AbortController;
}

function isStream(value: unknown): value is Stream {
  return typeof (value as Stream | undefined)?.iterator === "function";
}

function received(watched: Watched, made: Made, value: unknown): void {
  const { call, wire } = watched;
  if (!isStream(value)) {
    if (!made.options.__binaryResponse) wire.answer(call.answered, value, call.keepsContent);
    call.finish();
    return;
  }
  const { iterator } = value;
  let begun = false;
  value.iterator = () => {
    const inner = iterator.call(value);
    // A second reader is refused by the client itself.
    if (begun) return inner;
    begun = true;
    return watchIterator(inner, watched);
  };
  value.controller?.signal.addEventListener(
    "abort",
    () => {
      watched.aborted = true;
      // A read that is under way tells whether it was the reader who stopped, or the stream that broke.
      if (!watched.reading) call.abandon();
    },
    { once: true },
  );
  forgotten.register(value, call);
}

/** Hands on what a stream gives, and looks at it: no generator, which would cost a turn for each part. */
function watchIterator(inner: AsyncIterator<unknown>, watched: Watched): AsyncIterableIterator<unknown> {
  const { call, wire, hidesUsage } = watched;
  const { keepsContent } = call;
  const failed = (error: unknown): never => {
    watched.reading--;
    call.fail(error);
    throw error;
  };
  const see = (
    result: IteratorResult<unknown>,
  ): IteratorResult<unknown> | Promise<IteratorResult<unknown>> => {
    watched.reading--;
    if (result.done) {
      if (watched.aborted) call.abandon();
      else call.finish();
      return result;
    }
    try {
      call.chunk();
      wire.part(call.answered, result.value, keepsContent);
      if (hidesUsage && wire.isOnlyUsage?.(result.value)) return read();
    } catch {
      // A part of a shape that nobody foresaw.
    }
    return result;
  };
  const read = () => {
    watched.reading++;
    return inner.next().then(see, failed);
  };
  return {
    next: read,
    return: async (value?: unknown) => {
      const result = (await inner.return?.(value)) ?? { done: true as const, value };
      call.abandon();
      return result;
    },
    throw: async (error?: unknown) => {
      call.abandon();
      if (!inner.throw) throw error;
      return inner.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
