/**
 * The walls between the rooms: which folder may import which. A room that is not listed for another is forbidden to it;
 * `docs/design.md` draws them, and walls.system.test.ts puts a wrong import through each.
 */

/** Words that all of `load/` is written in. */
const words = ['load/omit.ts', 'load/options-error.ts', 'load/own-frames.ts', 'load/random.ts', 'load/unreachable.ts'];
const data = ['load/measure', 'load/verdict'];
const reported = ['reporters/reported-run.ts', 'reporters/words'];

/** What a pure room can't do: read time, files or processes, and send. */
const impure = [
  '@playwright',
  'undici',
  ...['child_process', 'fs', 'http', 'http2', 'https', 'net', 'perf_hooks', 'tls'].map((name) => `node:${name}`),
];
const web = ['hono', '@hono'];
const databases = ['kysely', 'pg', '@libsql', 'libsql'];
const exampleProjects = ['express-shop', 'fastify-auth', 'graphql', 'server-rendered'];

/** An import is held against the row with the longest `room` that fits; a room may import itself and what lies in it. `packages` are those it may not import. */
export const walls = [
  {
    room: 'load/measure/samples',
    may: ['load/measure/entry-name.ts', 'load/measure/mask.ts', 'load/measure/trace-context.ts'],
    why: 'a kind of sample is a protocol in the words of measuring',
  },
  {
    room: 'load/request/playwright',
    may: [...words, 'load/request', 'load/measure/tags.ts'],
    why: 'Playwright sends, we measure',
  },
  { room: 'load/measure', may: words, why: 'measuring is the lowest room: it knows nothing above it' },
  {
    room: 'load/profile',
    may: [...words, 'load/measure'],
    packages: impure,
    why: 'a profile is pure: it knows neither clock nor network',
  },
  { room: 'load/request', may: [...words, 'load/measure'], why: 'a request context knows only how it is measured' },
  {
    room: 'load/request/stream',
    may: [...words, 'load/request', 'load/measure', 'load/run/calling-file.ts'],
    why: 'a stream is a request, whose parser is a package',
  },
  {
    room: 'load/request/sockets',
    may: [...words, 'load/request', 'load/measure'],
    why: 'a socket begins as a request, and is measured as one',
  },
  { room: 'load/request/connections', may: ['load/request'], why: 'a connection knows its requests alone' },
  { room: 'load/request/connections/proxy', may: [], why: 'a tunnel is bytes: it knows no request' },
  { room: 'load/resources', may: [...words, 'load/measure'], why: 'sampling processes is apart from sending load' },
  {
    room: 'load/verdict',
    may: [...words, 'load/analysis/statistics', 'load/measure'],
    packages: impure,
    why: 'judging works on data alone, with mathematics',
  },
  { room: 'load/analysis', may: [...words, 'load/measure'], packages: impure, why: 'analysis works on data alone' },
  {
    room: 'load/analysis/statistics',
    may: [],
    packages: impure,
    why: 'statistics are mathematics: numbers in, numbers out',
  },
  {
    room: 'load/run',
    may: [...words, 'load/measure', 'load/profile', 'load/request'],
    why: 'the loops run and measure; judging comes later',
  },
  {
    room: 'load/baseline',
    may: [...words, ...data, 'load/analysis'],
    why: 'a baseline is read and compared; who writes it knows the verdict',
  },
  {
    room: 'load/load-run.ts',
    may: [...words, ...data, 'load/analysis'],
    why: 'what came of a run is read without running anything',
  },
  {
    room: 'load/expect',
    may: ['load/run'],
    why: 'an assertion knows that a scenario is running, and nothing of what it measures',
  },
  {
    room: 'load/probe',
    may: [...words, ...data, 'load/load-run.ts', 'load/run/calling-file.ts', 'load/run/clock.ts'],
    why: 'a page beside a load knows its clock, and nothing of what is sent',
  },
  {
    room: 'load/to-meet.ts',
    may: [
      ...words,
      ...data,
      'load/expect',
      'load/load-run.ts',
      'load/probe',
      'load/runs-under-test.ts',
      'load/several-loads.ts',
    ],
    why: 'a matcher judges; it runs nothing',
  },
  {
    room: 'load/several-loads.ts',
    may: [...words, ...data, 'load/load-run.ts', 'load/runs-under-test.ts'],
    why: 'several loads are a subject of the matcher, nothing more',
  },
  {
    room: 'load/shown',
    may: [...words, ...data],
    packages: impure,
    why: 'what a worker shows of a run is drawn of its data alone',
  },
  {
    room: 'load/session',
    may: [
      ...words,
      ...data,
      'load/baseline',
      'load/load-run.ts',
      'load/probe',
      'load/profile',
      'load/request',
      'load/resources',
      'load/run',
      'load/runs-under-test.ts',
      'load/shown',
    ],
    why: 'a session runs loads for a test; analysis comes to it through `LoadRun`',
  },
  {
    room: 'load/experiments',
    may: [...words, ...data, 'load/analysis', 'load/load-run.ts', 'load/profile', 'load/run'],
    packages: impure,
    why: 'an experiment asks for loads and works on what they measured; it sends nothing itself',
  },
  { room: 'load', may: [], why: 'load/ imports nothing else of ours' },
  {
    room: 'reporters/words',
    may: [...data, 'load/unreachable.ts'],
    packages: impure,
    why: 'words are said alike on every surface, so they know none',
  },
  {
    room: 'reporters/collect',
    may: [...data, 'reporters/mishaps.ts', 'reporters/reported-run.ts'],
    why: 'collecting prints nothing',
  },
  { room: 'reporters/terminal', may: [...data, ...reported], why: 'the terminal shows data' },
  {
    room: 'reporters/annotations',
    may: [...data, ...reported, 'load/shown', 'reporters/collect'],
    why: 'annotations show data',
  },
  { room: 'reporters/markdown', may: [...data, ...reported], why: 'Markdown shows data' },
  {
    room: 'reporters/ci',
    may: [...data, ...reported, 'reporters/files/write-whole.ts', 'reporters/markdown', 'reporters/surroundings.ts'],
    why: 'CI systems get data, and Markdown',
  },
  {
    room: 'reporters/export',
    may: [...data, ...reported, 'reporters/files', 'reporters/mishaps.ts', 'reporters/options.ts'],
    why: 'exports write data',
  },
  { room: 'reporters/files', may: ['load/measure', 'reporters/html'], why: 'files hold what others rendered' },
  { room: 'reporters/html', may: [...data, ...reported], why: 'the page shows data' },
  {
    room: 'reporters/html/chart-data',
    may: ['load/measure'],
    why: 'columns of a chart come from data, whatever draws it',
  },
  {
    room: 'reporters/html/charts',
    may: ['load/measure', 'reporters/html/chart-data', 'reporters/words/findings.ts'],
    why: 'a chart draws columns, on the page and on the server alike',
  },
  {
    room: 'reporters/html/page',
    may: [
      ...data,
      'reporters/html',
      'reporters/words/findings.ts',
      'reporters/words/finding-figures.ts',
      'reporters/words/thresholds.ts',
    ],
    why: 'the page runs in a browser, on data',
  },
  {
    room: 'reporters/html/live',
    may: [...data, 'reporters/html', 'reporters/reported-run.ts'],
    why: 'the live page is the page while it grows',
  },
  {
    room: 'reporters/baseline',
    may: [...data, 'load/baseline', 'reporters/collect', 'reporters/files', 'reporters/mishaps.ts'],
    why: 'a baseline is written by whoever knows the verdict',
  },
  {
    room: 'reporters',
    may: [...data, ...words, 'load/baseline/baseline-mode.ts'],
    why: 'reporters read data only: load/measure, load/verdict',
  },
  {
    room: 'server/domain',
    may: ['server/package.json'],
    packages: [...web, ...databases, ...impure],
    why: 'the domain knows neither HTTP nor a database',
  },
  { room: 'server/store', may: ['server/domain'], packages: web, why: 'the store keeps what the domain describes' },
  {
    room: 'server/jobs',
    may: ['server/domain', 'server/store'],
    packages: [...web, ...databases],
    why: 'jobs run by themselves, whoever asks',
  },
  {
    room: 'server/routes',
    may: ['server/domain', 'server/jobs', 'server/store'],
    packages: databases,
    why: 'routes answer; they know no SQL',
  },
  { room: 'server/fake-engine', may: ['server/domain'], packages: [...web, 'kysely'], why: 'an engine knows no agent' },
  { room: 'server', may: [], why: 'server and load never meet' },
  {
    room: 'specs',
    may: ['load/index.ts', 'load/analysis/index.ts'],
    why: "specs import the package's two entries alone, and reach the server by HTTP",
  },
  {
    room: 'examples',
    may: ['load/index.ts', 'load/analysis/index.ts'],
    why: "an example is what a user would write: the package's two entries, and any package of npm",
  },
  ...exampleProjects.map((name) => ({
    room: `examples/${name}`,
    may: [],
    why: 'a project of its own: it knows packages by their names alone, `playload` as well',
  })),
  {
    room: 'examples/postgres.spec.ts',
    may: ['load/index.ts', 'server/testing/postgres.ts'],
    why: 'a database of its own comes from where the tests of the agent have theirs',
  },
  {
    room: 'cli',
    may: [
      ...words,
      'load/measure/mask.ts',
      'load/measure/plain-line.ts',
      'load/measure/secret-name.ts',
      'load/measure/units.ts',
      'load/profile/replay/har-file.ts',
      'load/resources/available-cores.ts',
      'load/run/file-text.ts',
      'load/run/load-options.ts',
      'load/session/cores/users-config.ts',
      'load/session/kill-group.ts',
      'load/session/meeting',
      'load/session/playwright-version.ts',
      'load/session/segment.ts',
    ],
    why: 'commands start Playwright as a process; what runs and judges is in there',
  },
  { room: 'bench', may: ['load', 'reporters'], why: 'the bench starts the server as a process' },
  {
    room: 'bench/worker/pages.bench.ts',
    may: ['bench', 'load', 'testing/slow-under-load.ts'],
    why: 'the bench measures by the server that the tests of pages have',
  },
  {
    room: 'bench/servers/postgres.ts',
    may: ['server/testing/postgres.ts'],
    why: 'a database of its own comes from where the tests of the agent have theirs',
  },
  {
    room: 'bench/calibration/simulated',
    may: ['bench/table.ts', 'load/analysis', 'testing'],
    why: 'a calibration counts what the tests simulate',
  },
  {
    room: 'site',
    may: ['load', 'reporters', 'testing'],
    why: 'the site shows what is documented and reported; its reference is read off the sources',
  },
  { room: 'testing', may: ['cli/from', 'load', 'reporters'], why: 'test aids know what they test, and no spec' },
];

/** All top rooms; an import of anything else is a package. */
export const rooms = ['bench', 'cli', 'examples', 'load', 'reporters', 'server', 'site', 'specs', 'testing'];

/** What is written in them is what a user would write: they may import the package by its name. */
const userRooms = ['examples', 'specs'];

const escaped = (path) => path.replace(/[.]/g, '\\.');
/** A folder and all in it, or the one file. */
const inside = (path) => (/\.(ts|json)$/.test(path) ? `^${escaped(path)}$` : `^${escaped(path)}/`);
const isTest = '\\.test\\.ts$';

/** Rooms within a room that have a row of their own. */
const innerRooms = ({ room }) => walls.filter((wall) => wall.room !== room && wall.room.startsWith(`${room}/`));

export default {
  forbidden: [
    ...walls.map((wall) => ({
      name: wall.room,
      comment: wall.why,
      severity: 'error',
      from: { path: inside(wall.room), pathNot: [isTest, ...innerRooms(wall).map(({ room }) => inside(room))] },
      to: { path: rooms.map(inside), pathNot: [wall.room, ...wall.may].map(inside) },
    })),
    ...walls
      .filter(({ packages }) => packages !== undefined)
      .map(({ room, packages, why }) => ({
        name: `${room}: packages`,
        comment: why,
        severity: 'error',
        from: { path: inside(room), pathNot: isTest },
        // As it is written where it is not installed, without `node:` where it is Node's own.
        to: { path: packages.map((name) => `(^|node_modules/)${name.replace('node:', '(node:)?')}(/|$)`) },
      })),
    {
      name: 'test aids',
      comment: 'what runs for users imports neither tests nor their aids',
      severity: 'error',
      from: {
        pathNot: [
          isTest,
          '^testing/',
          '^server/testing/',
          '^server/replay\\.ts$',
          '^bench/calibration/simulated/',
          '^bench/servers/postgres\\.ts$',
          '^bench/worker/pages\\.bench\\.ts$',
          '^examples/',
          '^site/',
        ],
      },
      to: { path: ['^testing/', '^server/testing/'] },
    },
    {
      name: 'tests',
      comment: 'a test is imported by nobody',
      severity: 'error',
      from: {},
      to: { path: isTest },
    },
    {
      name: 'tests of the agent',
      comment: 'server and load never meet, in tests neither; a browser knows neither of them',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^(bench|cli|examples|load|reporters|site|specs|testing)/', pathNot: '^testing/browser\\.ts$' },
    },
    {
      name: 'tests of the library',
      comment: 'the library is tested without the agent and its specs',
      severity: 'error',
      from: { path: '^(load|reporters|testing)/' },
      to: { path: '^(bench|examples|server|site|specs)/' },
    },
    {
      name: 'detours',
      comment:
        'what is in no room has no walls: neither a loose file, nor what was built, nor this package by its own name',
      severity: 'error',
      from: { path: rooms.map(inside), pathNot: userRooms.map(inside) },
      to: {
        path: ['^(playload|playload-agent)(/|$)', '^(server/)?dist/', '^[^/]+\\.\\w+$'],
        pathNot: '^node:',
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'detours of users',
      comment: 'specs and examples may write the two entries as users do, by name, and go no other way round',
      severity: 'error',
      from: { path: userRooms.map(inside) },
      to: {
        path: ['^(playload|playload-agent)(/|$)', '^(server/)?dist/', '^[^/]+\\.\\w+$'],
        pathNot: ['^node:', '^playload(/analysis)?$'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'circles',
      comment: 'two files that import each other are one idea in two places, or one name in the wrong one',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^server/dist/', '^site/(dist|\\.pages)/', '^examples/node_modules/'] },
  },
};
