export const initHelp = `Usage: npx playload init [options]

Makes a Playwright project ready for load tests: the load reporter and a project \`load\` in its configuration, a first load
test of the configured \`baseURL\`, a step for the CI system that is there, and a line in .gitignore. It asks nothing,
shows each change as a diff, and says how git takes it back. What is there already stays; what cannot be edited surely
is left to you, with the lines to add, and the exit code is then 1.

  --dry-run            shows what would be changed, and changes nothing
  --force              also changes files whose own changes are not committed
  -c, --config <file>  as for playwright test
`;
