import { Option } from "commander";

/** `--runtime compose|native` */
export function runtimeOption(description: string): Option {
  return new Option("--runtime <runtime>", description).choices(["compose", "native"]);
}
