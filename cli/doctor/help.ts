export const doctorHelp = `Usage: npx playload doctor [options]

Looks for what keeps load tests of this project, on this machine, from being right, a line for each thing: versions, the
reporter, the load project, the load tests that are found, cores, timers, open files, memory, and whether the server
answers (one GET of \`baseURL\`). Changes nothing. The exit code is 1 where results would be wrong or runs fail.

  --json               as JSON: { "ok": …, "findings": [{ "name", "state", "says", "advice" }] }
  -c, --config <file>  as for playwright test
`;
