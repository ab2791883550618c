import { isAll, referredTo, type Variable } from "./interpolate.js";
import { allValues, type VariableModel } from "./model.js";
import { inWords } from "./queries.js";
import { wasTakenBack } from "./request.js";
import { type Option, type OptionsContext, optionsOf } from "./variable-queries.js";

/** A variable as the bar on top of a dashboard shows it. */
export interface Choice extends Variable {
  model: VariableModel;
  offered: readonly Option[];
  /** Why its values could not be asked for. */
  error?: string;
}

/** Choices by name, in the order of the dashboard. */
export type Choices = ReadonlyMap<string, Choice>;

/** What an address says of variables: by name, without the `var-`. */
export type Wanted = Readonly<Record<string, readonly string[]>>;

/**
 * Asks for the values of all variables, those that others build on first, and chooses: what the address wants, else what
 * was chosen before, else what the dashboard was stored with, else the first. Throws only when `signal` says so.
 */
export async function choose(
  models: readonly VariableModel[],
  wanted: Wanted,
  context: Omit<OptionsContext, "variables">,
): Promise<Choices> {
  const made = new Map<string, Choice>();
  let open = [...models];
  while (open.length > 0) {
    const names = new Set(open.map(({ name }) => name));
    const ready = open.filter(
      (model) => !buildsOn(model).some((name) => names.has(name) && name !== model.name),
    );
    // Those that build on each other in a circle are asked in their order.
    const now = ready.length > 0 ? ready : open.slice(0, 1);
    const choices = await Promise.all(
      now.map((model) => choice(model, wanted[model.name], { ...context, variables: made })),
    );
    for (const each of choices) made.set(each.model.name, each);
    open = open.filter((model) => !now.includes(model));
  }
  return new Map(models.map(({ name }) => [name, made.get(name)!]));
}

/** Names of the variables that a variable's values depend on. */
function buildsOn({ query, datasource, regex }: VariableModel): string[] {
  return referredTo(JSON.stringify([query, datasource, regex]));
}

async function choice(
  model: VariableModel,
  wanted: readonly string[] | undefined,
  context: OptionsContext,
): Promise<Choice> {
  let offered: Option[] = [];
  let error: string | undefined;
  try {
    offered = await optionsOf(model, context);
  } catch (reason) {
    if (wasTakenBack(reason)) throw reason;
    error = inWords(reason).message;
  }
  return { ...chosenOf(model, offered, wanted), ...(error !== undefined && { error }) };
}

/** What is chosen of what is offered. */
export function chosenOf(
  model: VariableModel,
  offered: readonly Option[],
  wanted: readonly string[] | undefined,
): Choice {
  const stored = [model.current?.value ?? []].flat();
  const value = pick(model, offered, wanted, stored);
  const textOf = (each: string) =>
    each === allValues ? "All" : (offered.find((option) => option.value === each)?.text ?? each);
  return {
    model,
    value,
    text: Array.isArray(value) ? value.map(textOf) : textOf(value),
    options: offered.map((option) => option.value),
    offered,
  };
}

function pick(
  model: VariableModel,
  offered: readonly Option[],
  wanted: readonly string[] | undefined,
  stored: readonly string[],
): string | string[] {
  const { multi = false, includeAll = false, type } = model;
  const shaped = (values: readonly string[]) => (multi ? [...values] : values[0]!);
  if (type === "constant") return offered[0]?.value ?? "";
  // An address may name what isn't there at this time: the page must not show something else instead.
  if (wanted && wanted.length > 0) {
    if (includeAll && wanted.some((each) => each === allValues || each === "All")) return shaped([allValues]);
    const byText = new Map(offered.map(({ text, value }) => [text, value]));
    return shaped(
      wanted.map((each) => (offered.some(({ value }) => value === each) ? each : (byText.get(each) ?? each))),
    );
  }
  if (type === "textbox") return stored[0] ?? offered[0]?.value ?? "";
  if (includeAll && isAll([...stored])) return shaped([allValues]);
  const there = stored.filter((each) => offered.some(({ value }) => value === each));
  if (there.length > 0) return shaped(there);
  if (offered.length > 0) return shaped([offered[0]!.value]);
  return includeAll ? shaped([allValues]) : multi ? [] : (stored[0] ?? "");
}
