export const jobs = [
  { job: "api", static: ["api:80"] },
