import { type Random, seeded } from "./provider/random.js";

const subjects = ["returns", "refunds", "shipping", "gift cards", "warranty", "invoices", "sizes", "repairs"];
const facts = [
  "has to be asked for within thirty days",
  "is free from fifty euros on",
  "takes three working days inside the country",
  "needs the number of the order and the mail address that it was made with",
  "is not possible for things that were made to measure",
  "can be followed on the page of the order",
  "is done by the shop in the old town as well",
  "ends when the seal has been broken",
];
const questions = [
  "How do I begin with",
  "What does it cost, about",
  "Who helps me with",
  "How long does it take, regarding",
  "Is there anything new on",
  "Can I change my mind about",
];

/** The documents of the shop: a page each. */
export function documentsOf(seed: number): string[] {
  return subjects.flatMap((subject) =>
    [1, 2, 3].map((part) => {
      const random = seeded(seed, "document", subject, part);
      const lines = Array.from({ length: 6 }, () => `What is said of ${subject} ${pick(random, facts)}.`);
      return `# ${subject}, part ${part}\n${lines.join(" ")}`;
    }),
  );
}

/** A question as people ask it; some come again and again. */
export function questionOf(random: Random): string {
  const subject = subjects[Math.floor(random() ** 2 * subjects.length)]!;
  const question = `${pick(random, questions)} ${subject}?`;
  // Most people tell more than they have to.
  return random() < 0.3 ? question : `${question} My order is ${Math.floor(random() * 90_000) + 10_000}.`;
}

/** A contract of so many pages, about 250 tokens each. */
export function contractOf(random: Random, pages: number): string {
  return Array.from({ length: pages }, (_, page) => {
    const lines = Array.from(
      { length: 14 },
      () => `The part on ${pick(random, subjects)} ${pick(random, facts)}.`,
    );
    return `§ ${page + 1}. ${lines.join(" ")}`;
  }).join("\n");
}

/** One of a list. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]!;
}
