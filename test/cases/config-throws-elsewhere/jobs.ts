type Job = { job: string; static: string[] };

export function jobs(service: string): Job[] {
  if (service !== "web") throw new RangeError(`no such service: ${service}`);
  return [];
}
