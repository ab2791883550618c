import { InvalidArgumentError, Option } from "commander";

/** `--runtime compose|native` */
export function runtimeOption(description: string): Option {
  return new Option("--runtime <runtime>", description).choices(["compose", "native"]);
}

/** `--port <number>` */
export function portOption(description: string): Option {
  return new Option("--port <number>", description).argParser((text) => {
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new InvalidArgumentError("It must be a port number, 1 to 65535.");
    return port;
  });
}

/** `--top <n>` and the like: a number from 1 on. */
export function countArgument(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It takes a number from 1 on.");
  return Number(text);
}
