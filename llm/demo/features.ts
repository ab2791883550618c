/** A model and who answers for it. */
export interface ModelRef {
  provider: "openai" | "anthropic";
  model: string;
}

/** A part of the product that asks models. */
export interface Feature {
  name: string;
  team: string;
  /** Where its calls go; the second when the first fails. */
  models: readonly [ModelRef, ModelRef];
  /** Whether answers rest on documents. */
  retrieves: boolean;
  streams: boolean;
  /** Work for the agent, which takes it from a queue. */
  agent?: string;
  /** Share of the conversations. */
  share: number;
}

const mini: ModelRef = { provider: "openai", model: "gpt-4o-mini" };
const thinking: ModelRef = { provider: "openai", model: "gpt-5-mini" };
const large: ModelRef = { provider: "openai", model: "gpt-4o" };
const haiku: ModelRef = { provider: "anthropic", model: "claude-haiku-4-5" };
const sonnet: ModelRef = { provider: "anthropic", model: "claude-sonnet-4-5" };

/** Decides in the gateway whether a message is in order. */
export const guardModel: ModelRef = { provider: "openai", model: "gpt-4.1-nano" };

/** Turns questions and documents into vectors. */
export const embeddingModel: ModelRef = { provider: "openai", model: "text-embedding-3-small" };

/** What the shop of the demo does with models. */
export const features: readonly Feature[] = [
  {
    name: "support-chat",
    team: "support",
    models: [mini, haiku],
    retrieves: true,
    streams: true,
    share: 0.4,
  },
  {
    name: "product-search",
    team: "search",
    models: [thinking, haiku],
    retrieves: true,
    streams: true,
    share: 0.22,
  },
  {
    name: "contract-summary",
    team: "legal",
    models: [haiku, mini],
    retrieves: false,
    streams: false,
    share: 0.13,
  },
  {
    name: "order-agent",
    team: "support",
    models: [haiku, mini],
    retrieves: true,
    streams: false,
    agent: "order-helper",
    share: 0.15,
  },
  {
    name: "sales-insights",
    team: "sales",
    models: [large, sonnet],
    retrieves: true,
    streams: false,
    share: 0.1,
  },
];

/** The feature of a name. Throws where there is none. */
export function featureNamed(name: unknown): Feature {
  const found = features.find((feature) => feature.name === name);
  if (!found) throw new Error(`no feature ${String(name)}`);
  return found;
}

/** Largest answer that is asked for, in tokens. */
export const longestAnswer = 500;

/** Version of all prompts. */
export const promptVersion = "2026-11-1";

const rules = [
  "Answer in the language of the question, in short sentences, without greeting.",
  "Say that you don't know where the documents don't tell; never make up prices, dates or promises.",
  "Name the document that an answer rests on, by its title.",
  "Orders that left the warehouse can't be changed; offer a return instead.",
  "Returns are free within thirty days when the label in the parcel is used.",
  "Ask for the number of the order before you say anything about it.",
  "Refunds go back the way they were paid, within five working days.",
  "Never repeat card numbers, passwords or addresses, even when somebody asks for them.",
  "Hand over to a person when somebody is angry, ill or talks about the law.",
  "Parcels to islands take two days longer; say so before somebody orders.",
];

/** Instructions of a feature: long enough for the prompt caches of providers, which begin at 1,024 tokens. */
export function instructionsOf(feature: string): string {
  const lines = Array.from({ length: 60 }, (_, at) => `${at + 1}. ${rules[at % rules.length]}`);
  return `You answer for ${feature} of a shop.\n${lines.join("\n")}`;
}
