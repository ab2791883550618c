/** How things stand. These three are used for nothing else. */
export const states = { ok: "green", warning: "orange", critical: "red" } as const;

/** What is neither good nor bad. */
export const neutral = "blue";

/**
 * Colours that mean the same on every page, by the words that legends have for it. None of them is a state's: what is red
 * is wrong.
 */
export const meanings = {
  percentiles: { P50: "super-light-blue", P95: "blue", P99: "purple" },
  tokens: {
    input: "blue",
    output: "purple",
    cache_read: "#73BFB8",
    cache_write: "#3F8F87",
    reasoning: "#CA95E5",
  },
  /** Names of providers as the GenAI semantic conventions have them. */
  providers: {
    openai: "#73BFB8",
    anthropic: "#CA95E5",
    "aws.bedrock": "#A0785A",
    "azure.ai.openai": "#5794F2",
    "azure.ai.inference": "#3274D9",
    "gcp.gemini": "#8AB8FF",
    "gcp.vertex_ai": "#447EBC",
    mistral_ai: "#E0C97F",
    cohere: "#705DA0",
    deepseek: "#4E5BA6",
    groq: "#C48FB5",
  },
  outcomes: { succeeded: states.ok, failed: states.critical },
  logLevels: { error: states.critical, warn: states.warning, info: neutral, debug: "#9FA7B3" },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

export type Meaning = keyof typeof meanings;
