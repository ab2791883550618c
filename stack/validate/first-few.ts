/** So many names are enough to tell what a finding is about. */
const most = 8;

/** The first names of a list, and how many more there are: `a, b and 3 more`. */
export function firstFew(names: readonly string[]): string {
  const few = names.slice(0, most).join(", ");
  return names.length > most ? `${few} and ${names.length - most} more` : few;
}
