import { type Feature, features } from "./features.js";
import type { Incident } from "./provider/behaviour.js";
import type { Random } from "./provider/random.js";
import { contractOf, pick, questionOf } from "./texts.js";

/** What somebody wants of the shop. */
export interface Conversation {
  feature: Feature;
  user: string;
  environment: string;
  id: string;
  text: string;
}

const usersOfTeam = 12;
/** Pages of a contract that is asked about, and of those that somebody pastes in while costs are an incident. */
const pages = { usual: 2, pasted: 280 };

/** The next thing that somebody wants. In an incident of costs one user of team legal pastes in whole folders. */
export function nextConversation(random: Random, incident: Incident): Conversation {
  const pasted = incident === "cost" && random() < 0.3;
  const summary = features.find(({ name }) => name === "contract-summary")!;
  const feature = pasted ? summary : byShare(random);
  // A few people ask for most of it.
  const user = `${feature.team}-${1 + Math.floor(random() ** 2 * usersOfTeam)}`;
  return {
    feature,
    user: pasted ? "legal-7" : user,
    environment: random() < 0.1 ? "staging" : "production",
    id: `c-${Math.floor(random() * 1e9).toString(36)}`,
    text:
      feature === summary
        ? `Sum this up:\n${contractOf(random, pasted ? pages.pasted : pages.usual)}`
        : questionOf(random),
  };
}

/** Seconds until the next conversation begins, of so many a second: people come when they come. */
export function pause(random: Random, rate: number): number {
  return -Math.log(1 - random()) / rate;
}

/** What somebody thinks of an answer, if they say so. */
export function rating(random: Random): "up" | "down" | undefined {
  if (random() > 0.2) return undefined;
  return pick(random, ["up", "up", "up", "up", "up", "down"] as const);
}

function byShare(random: Random): Feature {
  const total = features.reduce((sum, { share }) => sum + share, 0);
  let left = random() * total;
  for (const feature of features) {
    left -= feature.share;
    if (left < 0) return feature;
  }
  return features[0]!;
}
