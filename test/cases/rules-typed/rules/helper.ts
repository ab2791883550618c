// Not evaluated: it declares no rules.
throw new Error("evaluated");
