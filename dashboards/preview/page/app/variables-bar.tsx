import type { SelectableValue } from "@grafana/data";
import { Icon, InlineLabel, Input, MultiSelect, Select } from "@grafana/ui";
import { isAll } from "../data/interpolate.js";
import { allValues } from "../data/model.js";
import type { Choice, Choices } from "../data/variables.js";
import { readAddress } from "./address.js";
import { go } from "./use-address.js";

/** The choices on top of a dashboard; each is kept in the address. */
export function VariablesBar({ choices }: { choices: Choices }) {
  const shown = [...choices.values()].filter(
    ({ model: { hide, type } }) =>
      hide !== 2 && hide !== "hideVariable" && type !== "constant" && type !== "adhoc",
  );
  if (shown.length === 0) return null;
  return (
    <section className="variables" aria-label="Variables">
      {shown.map((choice) => (
        <ChoiceField key={choice.model.name} choice={choice} />
      ))}
    </section>
  );
}

/** `undefined` leaves the choice to the dashboard again. */
function choose(name: string, values: readonly string[] | undefined): void {
  const { [name]: _, ...others } = readAddress(window.location).variables;
  go({ variables: values === undefined ? others : { ...others, [name]: values } });
}

function ChoiceField({ choice }: { choice: Choice }) {
  const { model, value, offered, error } = choice;
  const { name, label, description, includeAll, multi, type, hide } = model;
  const id = `variable-${name}`;
  const title = label || name;
  const all: SelectableValue<string>[] = includeAll ? [{ label: "All", value: allValues }] : [];
  const options = [...all, ...offered.map((option) => ({ label: option.text, value: option.value }))];
  const textOf = (each: string) => options.find((option) => option.value === each)?.label ?? each;
  const asOption = (each: string) => ({ label: textOf(each), value: each });
  const common = { inputId: id, "aria-label": title, options, width: "auto" as const, placeholder: "None" };
  return (
    <div
      className={isAll(value) ? "variable variable-all" : "variable"}
      data-variable={name}
      title={error ?? description}
    >
      {hide !== 1 && hide !== "hideLabel" && (
        <InlineLabel htmlFor={id} width="auto" tooltip={description || undefined}>
          {title}
          {error && (
            <Icon name="exclamation-triangle" size="sm" className="variable-error" aria-label={error} />
          )}
        </InlineLabel>
      )}
      {type === "textbox" ? (
        <Input
          id={id}
          defaultValue={[value].flat().join("")}
          onBlur={({ currentTarget }) => choose(name, [currentTarget.value])}
          onKeyDown={({ key, currentTarget }) => key === "Enter" && choose(name, [currentTarget.value])}
        />
      ) : multi ? (
        <MultiSelect<string>
          {...common}
          value={[value].flat().map(asOption)}
          closeMenuOnSelect={false}
          maxVisibleValues={3}
          noOptionsMessage="No values in this time"
          onChange={(picked) => {
            const values = picked.flatMap((each) => each.value ?? []);
            const wasAll = isAll(value);
            const wantsAll = values.at(-1) === allValues;
            // The choice of all and the choice of some exclude each other.
            const kept = wantsAll ? [allValues] : values.filter((each) => !wasAll || each !== allValues);
            choose(name, kept.length === 0 ? undefined : kept);
          }}
        />
      ) : (
        <Select<string>
          {...common}
          value={value === "" ? null : asOption([value].flat()[0] ?? "")}
          noOptionsMessage="No values in this time"
          onChange={(picked) => choose(name, picked?.value === undefined ? undefined : [picked.value])}
        />
      )}
    </div>
  );
}
