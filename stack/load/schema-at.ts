import type { $ZodType, $ZodTypes } from "zod/v4/core";

/**
 * The schemas that describe the value at a path of keys: several where a union allows for several shapes, none where
 * the path leads nowhere. Wrappers (defaults, optional) are taken off.
 */
export function schemasAt(schema: $ZodType, path: readonly PropertyKey[]): $ZodType[] {
  return path.reduce<$ZodType[]>(
    (schemas, key) => schemas.flatMap((each) => step(each, key)),
    unwrap(schema),
  );
}

/** Keys that an object may have at a path of keys; empty where any key goes. */
export function knownKeys(schema: $ZodType, path: readonly PropertyKey[]): string[] {
  const keys = schemasAt(schema, path).flatMap((each) => {
    const def = (each as $ZodTypes)._zod.def;
    return def.type === "object" ? Object.keys(def.shape) : [];
  });
  return [...new Set(keys)];
}

/** Whether a schema is that of a reference to a secret, `{ secret: NAME }`. */
export function isSecretSchema(schema: $ZodType): boolean {
  const def = (schema as $ZodTypes)._zod.def;
  return def.type === "object" && Object.keys(def.shape).join() === "secret";
}

function step(schema: $ZodType, key: PropertyKey): $ZodType[] {
  const def = (schema as $ZodTypes)._zod.def;
  switch (def.type) {
    case "object": {
      const next = def.shape[String(key)];
      return next ? unwrap(next) : [];
    }
    case "array":
      return unwrap(def.element);
    case "record":
      return unwrap(def.valueType);
    default:
      return [];
  }
}

function unwrap(schema: $ZodType): $ZodType[] {
  const def = (schema as $ZodTypes)._zod.def;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
      return unwrap(def.innerType);
    case "union":
      return def.options.flatMap(unwrap);
    case "pipe":
      return unwrap(def.out);
    case "lazy":
      return unwrap(def.getter());
    default:
      return [schema];
  }
}
