/** A model and who answers for it. */
export interface ModelRef {
  provider: "openai" | "anthropic";
  model: string;
  /** The version that was asked for until today: past calls are none of the models that alerts look at now. */
  pinned: string;
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

const mini = modelRef("openai", "gpt-4o-mini", "gpt-4o-mini-2024-07-18");
const thinking = modelRef("openai", "gpt-5-mini", "gpt-5-mini-2025-08-07");
const large = modelRef("openai", "gpt-4o", "gpt-4o-2024-08-06");
const haiku = modelRef("anthropic", "claude-haiku-4-5", "claude-haiku-4-5-20251001");
const sonnet = modelRef("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929");

/** Decides in the gateway whether a message is in order. */
export const guardModel = modelRef("openai", "gpt-4.1-nano", "gpt-4.1-nano-2025-04-14");

/** Turns questions and documents into vectors. */
export const embeddingModel = "text-embedding-3-small";

/** What the shop of the demo does with models. */
export const features: readonly Feature[] = [
  {
    name: "support-chat",
    team: "support",
    models: [mini, haiku],
    retrieves: true,
    streams: true,
    share: 0.38,
  },
  {
    name: "product-search",
    team: "search",
    models: [thinking, haiku],
    retrieves: true,
    streams: true,
    share: 0.24,
  },
  {
    name: "contract-summary",
    team: "legal",
    models: [haiku, mini],
    retrieves: false,
    streams: false,
    share: 0.2,
  },
  {
    name: "order-agent",
    team: "support",
    models: [mini, haiku],
    retrieves: true,
    streams: false,
    agent: "order-helper",
    share: 0.12,
  },
  {
    name: "sales-insights",
    team: "sales",
    models: [large, sonnet],
    retrieves: true,
    streams: false,
    share: 0.06,
  },
];

/** The feature of a name. Throws where there is none. */
export function featureNamed(name: unknown): Feature {
  const found = features.find((feature) => feature.name === name);
  if (!found) throw new Error(`no feature ${String(name)}`);
  return found;
}

/** Largest answer that is asked for, in tokens. */
export const longestAnswer = 400;

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

function modelRef(provider: ModelRef["provider"], model: string, pinned: string): ModelRef {
  return { provider, model, pinned };
}
