/** A reference to a secret: its name only. The value comes from the environment or `.env` when the stack starts. */
export interface SecretRef {
  readonly secret: string;
}

/**
 * Refers to a secret by the name of its environment variable, e.g. `secret("SMTP_PASSWORD")`.
 * The value never enters a generated file: programs read it from a file that only they can see.
 */
export function secret(name: string): SecretRef {
  return { secret: name };
}

/** Whether a value of the definition is a reference to a secret. */
export function isSecretRef(value: unknown): value is SecretRef {
  return typeof value === "object" && value !== null && typeof (value as SecretRef).secret === "string";
}
